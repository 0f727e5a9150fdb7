import { PanelBuilder as TextBuilder, TextMode } from '@grafana/grafana-foundation-sdk/text';
import { draft, type PanelDraft } from './panelParts.ts';

/** Something to read, in Markdown. */
export function words({ title, markdown }: { title: string; markdown: string }): PanelDraft {
  return draft({ title, description: '', unit: 'none', noValue: '' }, () =>
    new TextBuilder().mode(TextMode.Markdown).content(markdown),
  );
}
