export const ALERTS_UID = 'alerts-slos';
