import {
  type FieldDisplay,
  formattedValueToString,
  type GrafanaTheme2,
  type ThresholdsConfig,
  ThresholdsMode,
} from '@grafana/data';
import { selectors } from '@grafana/e2e-selectors';
import { useTheme2 } from '@grafana/ui';

const ids = selectors.components.Panels.Visualization.Gauge;
/** The dial is three quarters of a circle, open at the bottom. */
const SWEEP = Math.PI * 1.5;
const START = -Math.PI * 1.25;

interface DialProps {
  value: FieldDisplay;
  width: number;
  height: number;
  showMarkers: boolean;
  showTitle: boolean;
  valueSizePx?: number | undefined;
}

/** One value as an arc from min to max, the thresholds as a thin band around it. */
export function Dial({ value, width, height, showMarkers, showTitle, valueSizePx }: DialProps) {
  const theme = useTheme2();
  const { min = 0, max = 100, thresholds } = value.field;
  const fraction = (number: number) => clamp((number - min!) / (max! - min! || 1));
  const titlePx = showTitle && value.display.title ? clampPx(height * 0.15, 16, 22) : 0;
  const text = formattedValueToString(value.display);
  const size = dialSize(width, height - titlePx, showMarkers);
  const fontPx =
    valueSizePx ?? Math.min(size.radius * 0.5, (size.barRadius * 2.8) / Math.max(3, text.length));
  const filled = fraction(value.display.numeric);
  return (
    <div data-testid={ids.Container} style={{ width, height, textAlign: 'center', overflow: 'hidden' }}>
      <svg
        width={width}
        height={height - titlePx}
        style={{ display: 'block' }}
        role="img"
        aria-label={`${value.display.title ?? ''} ${text}`.trim()}
      >
        <path
          data-testid={ids.Track}
          d={arc(size.x, size.y, size.barRadius, 0, 1)}
          fill="none"
          stroke={theme.colors.background.secondary}
          strokeWidth={size.barPx}
        />
        {filled > 0 && (
          <path
            data-testid={ids.Bar}
            d={arc(size.x, size.y, size.barRadius, 0, filled)}
            fill="none"
            stroke={value.display.color}
            strokeWidth={size.barPx}
          />
        )}
        {showMarkers &&
          bands(thresholds, fraction, theme).map(({ from, to, color }) => (
            <path
              key={from}
              d={arc(size.x, size.y, size.radius - size.bandPx / 2, from, to)}
              fill="none"
              stroke={color}
              strokeWidth={size.bandPx}
            />
          ))}
        <text
          x={size.x}
          y={size.y + fontPx * 0.35}
          fontSize={fontPx}
          fontWeight={500}
          textAnchor="middle"
          fill={value.display.color}
        >
          {text}
        </text>
      </svg>
      {titlePx > 0 && (
        <div
          style={{
            height: titlePx,
            fontSize: titlePx * 0.7,
            lineHeight: `${titlePx}px`,
            whiteSpace: 'nowrap',
            overflow: 'hidden',
            textOverflow: 'ellipsis',
          }}
        >
          {value.display.title}
        </div>
      )}
    </div>
  );
}

function dialSize(width: number, height: number, showMarkers: boolean) {
  const radius = Math.max(10, Math.min(width / 2, height / 1.75) - 4);
  const bandPx = showMarkers ? Math.max(3, radius * 0.05) : 0;
  const barPx = radius * 0.2;
  const gapPx = showMarkers ? 3 : 0;
  return {
    radius,
    bandPx,
    barPx,
    barRadius: radius - bandPx - gapPx - barPx / 2,
    x: width / 2,
    y: height / 2 + radius * 0.14,
  };
}

/** Path of an arc on the dial; `from` and `to` are fractions of the sweep. */
function arc(x: number, y: number, radius: number, from: number, to: number): string {
  const point = (fraction: number) => {
    const angle = START + SWEEP * fraction;
    return `${x + radius * Math.cos(angle)} ${y + radius * Math.sin(angle)}`;
  };
  const large = (to - from) * SWEEP > Math.PI ? 1 : 0;
  return `M ${point(from)} A ${radius} ${radius} 0 ${large} 1 ${point(to)}`;
}

function bands(
  thresholds: ThresholdsConfig | undefined,
  fraction: (value: number) => number,
  theme: GrafanaTheme2,
): Array<{ from: number; to: number; color: string }> {
  const steps = thresholds?.steps ?? [];
  const start = (value: number | null) => {
    if (value === null || value === Number.NEGATIVE_INFINITY) return 0;
    return thresholds?.mode === ThresholdsMode.Percentage ? clamp(value / 100) : fraction(value);
  };
  return steps
    .map((step, index) => ({
      from: start(step.value),
      to: index + 1 < steps.length ? start(steps[index + 1]!.value) : 1,
      color: theme.visualization.getColorByName(step.color),
    }))
    .filter(({ from, to }) => to > from);
}

const clamp = (fraction: number): number => Math.min(1, Math.max(0, fraction));
const clampPx = (px: number, min: number, max: number): number => Math.min(max, Math.max(min, px));
