import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSettings } from './settings.ts';

function problemsOf(env: Record<string, string>): string[] {
  const result = parseSettings(env);
  return 'problems' in result ? result.problems : [];
}

test('everything has a default on loopback', () => {
  const result = parseSettings({ VIEWER_PORT: '' });
  assert.ok('settings' in result);
  const { host, port, prometheusUrl, frameAncestors } = result.settings;
  assert.deepEqual(
    [host, port, prometheusUrl.href, frameAncestors],
    ['127.0.0.1', 13_000, 'http://127.0.0.1:19090/', "'self'"],
  );
});

test('names all problems at once', () => {
  const problems = problemsOf({
    VIEWER_PORT: '99999',
    PROMETHEUS_URL: 'file:///etc',
    VIEWER_SAMPLE_INTERVAL: 'soon',
    VIEWER_FRAME_ANCESTORS: "'self'; script-src *",
    VIEWER_ALLOWED_HOSTS: 'ok.example, not ok',
  });
  const names = problems.map((problem) => problem.split(':')[0]);
  assert.deepEqual(names, [
    'VIEWER_PORT',
    'PROMETHEUS_URL',
    'VIEWER_SAMPLE_INTERVAL',
    'VIEWER_FRAME_ANCESTORS',
    'VIEWER_ALLOWED_HOSTS',
  ]);
});
