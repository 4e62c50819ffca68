/** What every answer tells the browser not to do. */
export function securityHeadersFor(publicUrl: string): Readonly<Record<string, string>> {
  const { host, protocol } = new URL(publicUrl);
  const isSecure = protocol === "https:";
  const socket = `${isSecure ? "wss" : "ws"}://${host}`;
  const policy = [
    "default-src 'self'",
    "base-uri 'none'",
    `connect-src 'self' ${socket}`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    ...(isSecure && { "strict-transport-security": "max-age=31536000" }),
  };
}
