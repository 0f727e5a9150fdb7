import { css } from '@emotion/css';
import { dateMath, getDefaultTimeRange, rangeUtil, type TimeRange } from '@grafana/data';
import {
  type SceneComponentProps,
  type SceneTimeRangeState,
  SceneTimeRangeTransformerBase,
  sceneGraph,
} from '@grafana/scenes';
import { Icon, useStyles2 } from '@grafana/ui';

interface PanelTimeRangeState extends SceneTimeRangeState {
  /** Look back this long from the board's end of time, such as `1h`. */
  timeFrom?: string | undefined;
  /** Move the range this far into the past, such as `1d`. */
  timeShift?: string | undefined;
}

/** A panel's own time range: `timeFrom` and `timeShift` of its JSON, said beside its title. */
export class PanelTimeRange extends SceneTimeRangeTransformerBase<PanelTimeRangeState> {
  static Component = PanelTimeRangeText;

  constructor(state: Pick<PanelTimeRangeState, 'timeFrom' | 'timeShift'>) {
    super({ ...state, from: 'now-6h', to: 'now', value: getDefaultTimeRange() });
    this.addActivationHandler(() => this.ancestorTimeRangeChanged(this.getAncestorTimeRange().state));
  }

  protected override ancestorTimeRangeChanged(ancestor: SceneTimeRangeState): void {
    const { timeFrom, timeShift } = this.state;
    let value = ancestor.value;
    if (timeFrom && rangeUtil.isRelativeTimeRange(value.raw)) value = lastOf(timeFrom, value);
    if (timeShift) value = shifted(timeShift, value);
    this.setState({ value, from: ancestor.from, to: ancestor.to });
  }
}

function PanelTimeRangeText({ model }: SceneComponentProps<PanelTimeRange>) {
  const { timeFrom, timeShift } = model.useState();
  const styles = useStyles2((theme) => css({ color: theme.colors.text.secondary, whiteSpace: 'nowrap' }));
  const texts = [
    timeFrom && rangeUtil.describeTextRange(interpolated(model, timeFrom)).display,
    timeShift && `${interpolated(model, timeShift)} earlier`,
  ];
  return (
    <span className={styles}>
      <Icon name="clock-nine" size="sm" aria-hidden /> {texts.filter(Boolean).join(', ')}
    </span>
  );
}

const interpolated = (model: PanelTimeRange, text: string): string => sceneGraph.interpolate(model, text);

function lastOf(span: string, range: TimeRange): TimeRange {
  const from = dateMath.parse(`now-${span}`);
  return from?.isValid() ? { ...range, from, raw: { from: `now-${span}`, to: 'now' } } : range;
}

function shifted(span: string, range: TimeRange): TimeRange {
  const from = dateMath.parseDateMath(`-${span}`, range.from);
  const to = dateMath.parseDateMath(`-${span}`, range.to);
  return from && to ? { from, to, raw: { from, to } } : range;
}
