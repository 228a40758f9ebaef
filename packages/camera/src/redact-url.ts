/** A text with the password of every address in it covered, whatever its scheme; for whatever is printed, logged or served. */
export function redactUrl(text: string): string {
  // Up to the last @ before the path: a password with an @ of its own is covered whole.
  return text.replace(/([a-z][a-z\d+.-]*:\/\/[^\s:@/]*):[^\s/]*@/gi, '$1:***@');
}
