import { parser } from '@prometheus-io/lezer-promql';

/** One selector of an expression, and what is done to it. */
export interface Selection {
  /** As written: with `_bucket` and so on. */
  series: string;
  matchers: { label: string; operator: string; value: string }[];
  range: string | undefined;
  anchored: boolean;
  /** The function around it, such as `rate`. */
  wrappedIn: string | undefined;
}

export interface ParsedPromql {
  /** What the parser could not read; empty when all is well. */
  errors: string[];
  selections: Selection[];
  groupedBy: string[];
}

type Node = ReturnType<typeof parser.parse>['topNode'];

/** Reads an expression in which no Grafana variable is left. */
export function parsePromql(expression: string): ParsedPromql {
  const parsed: ParsedPromql = { errors: [], selections: [], groupedBy: [] };
  const text = ({ from, to }: { from: number; to: number }) => expression.slice(from, to);
  parser.parse(expression).iterate({
    enter(cursor) {
      const { node } = cursor;
      if (node.type.isError) parsed.errors.push(`at ${node.from}: ${text(node) || 'something is missing'}`);
      if (node.name === 'VectorSelector') parsed.selections.push(selection(node, text));
      if (node.name === 'GroupingLabels')
        parsed.groupedBy.push(...node.getChildren('LabelName').map((name) => text(name)));
    },
  });
  return parsed;
}

function selection(node: Node, text: (node: Node) => string): Selection {
  const matrix = node.parent?.name === 'MatrixSelector' ? node.parent : undefined;
  const anchored = matrix?.parent?.name === 'AnchoredExpr';
  const outermost = anchored ? matrix.parent! : (matrix ?? node);
  const call = outermost.parent?.parent;
  const range = matrix?.getChild('DurationExpr');
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return {
    series: text(node.getChild('Identifier')!),
    matchers: matchers.map((matcher) => ({
      label: text(matcher.getChild('LabelName')!),
      operator: text(matcher.getChild('MatchOp')!),
      value: JSON.parse(text(matcher.getChild('StringLiteral')!)) as string,
    })),
    range: range ? text(range) : undefined,
    anchored,
    wrappedIn: call?.name === 'FunctionCall' ? text(call.getChild('FunctionIdentifier')!) : undefined,
  };
}
