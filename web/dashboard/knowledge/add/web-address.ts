/** The address as it is sent: people leave out the beginning. `undefined`: it is none. */
export function webAddress(text: string): string | undefined {
  const typed = text.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(typed) ? typed : `https://${typed}`;
  try {
    const url = new URL(whole);
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    return isWeb && url.hostname.includes(".") && !/\s/.test(typed) ? url.href : undefined;
  } catch {
    return undefined;
  }
}
