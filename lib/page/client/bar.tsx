/** A number and its share of the largest beside it. The width is set through CSSOM, which the page's policy allows. */
export function Bar({ text, value, most }: { text: string; value: number; most: number }) {
  return (
    <div class="barred">
      <span>{text}</span>
      <div
        class="bar"
        ref={(element) => element?.style.setProperty('--share', String((100 * value) / Math.max(1, most)))}
      />
    </div>
  );
}
