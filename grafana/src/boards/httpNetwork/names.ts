export const HTTP_NETWORK_UID = 'http-network';
