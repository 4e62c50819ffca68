/**
 * Where the Order step will offer automatic top-ups, saved by a button of their own. Until there is
 * something to configure, it shows nothing.
 */
export function AutoTopUpPlace() {
  return null;
}
