export const USAGE_UID = 'usage';

export const TITLE = {
  installations: (words: string) => `Installations, ${words}`,
  stored: 'Reports kept',
  newest: 'Newest report',
  refused: 'Reports refused, last day',
  days: 'Reports by day and version',
  received: 'Reports taken, by version',
  refusals: 'Reports refused a minute, by reason',
  how: 'What this is about',
};

export const COLUMN = {
  day: 'Day (UTC)',
  version: 'Version',
  reports: 'Reports',
  installations: 'Installations',
};
