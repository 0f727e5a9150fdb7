import { type PanelProps, renderMarkdown, textUtil } from '@grafana/data';
import type { Options } from '@grafana/schema/dist/esm/raw/composable/text/panelcfg/x/TextPanelCfg_types.gen';
import { ScrollContainer } from '@grafana/ui';
import { definePanel } from './definePanel.ts';

const testId = 'data-testid TextPanel converted-content';

function TextPanel({ options, replaceVariables }: PanelProps<Options>) {
  const isCode = options.mode === 'code';
  const content = replaceVariables(options.content ?? '', {}, isCode ? undefined : 'html');
  if (isCode) {
    return (
      <ScrollContainer>
        <pre data-testid={testId}>{content}</pre>
      </ScrollContainer>
    );
  }
  const html = options.mode === 'html' ? textUtil.sanitizeTextPanelContent(content) : renderMarkdown(content);
  return (
    <ScrollContainer>
      <div
        className="markdown-html"
        data-testid={testId}
        // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by either branch above
        dangerouslySetInnerHTML={{ __html: html }}
      />
    </ScrollContainer>
  );
}

export const plugin = definePanel<Options>({
  component: TextPanel,
  hasData: () => true,
  options: { mode: 'markdown', content: '' },
});
