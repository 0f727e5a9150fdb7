/**
 * Stands in for `react-inlinesvg` in Grafana's components (vite.config.ts), which fetches, parses and renders each icon
 * four times. Icons that are part of the bundle are drawn at once; the others are left to the original.
 */
import { type Ref, type SVGProps, useLayoutEffect } from 'react';
import Original, { type Props } from 'react-inlinesvg';
import { drawingOf, type IconDrawing } from './icons.ts';

export default function InlineSvg(props: Props) {
  const drawing = typeof props.src === 'string' && !props.title ? drawingOf(props.src) : undefined;
  return drawing ? <Drawing {...props} drawing={drawing} /> : <Original {...props} />;
}

function Drawing({ drawing, ...props }: Props & { drawing: IconDrawing }) {
  const { src, loader: _loader, innerRef, onLoad, onError: _onError, title: _title, ...attributes } = props;
  // Grafana's icon shows a new name only when the old one has been loaded.
  useLayoutEffect(() => onLoad?.(src, true), [src, onLoad]);
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={drawing.viewBox}
      ref={innerRef as Ref<SVGSVGElement>}
      {...(attributes as SVGProps<SVGSVGElement>)}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: a file of Grafana's package, read when the bundle was built
      dangerouslySetInnerHTML={{ __html: drawing.inner }}
    />
  );
}
