export const CONNECTOR_HEALTH_UID = 'connector-health';
