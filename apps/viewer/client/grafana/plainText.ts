/**
 * Stands in for `react-dom/server` (vite.config.ts), two renderers of 450 kB that Grafana's components use for one thing:
 * the text of what was cut off, for its tooltip.
 */
import { Children, isValidElement, type ReactNode } from 'react';

/** The text in a tree of elements, as far as it is written in it and not made by a component when it renders. */
export function renderToStaticMarkup(node: ReactNode): string {
  return Children.toArray(node).map(textOf).join('');
}

export default { renderToStaticMarkup };

function textOf(node: ReactNode): string {
  if (typeof node === 'string' || typeof node === 'number') return String(node);
  return isValidElement<{ children?: ReactNode }>(node) ? renderToStaticMarkup(node.props.children) : '';
}
