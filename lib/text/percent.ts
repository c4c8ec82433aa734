/** What percent-encoding in a part of a URL or a header means; as it stands where a % begins no escape, or bytes are no UTF-8. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
