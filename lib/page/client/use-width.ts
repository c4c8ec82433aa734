import { useEffect, useRef, useState } from 'preact/hooks';

/** The width that an element has, in pixels, measured again whenever it changes; charts are drawn to it. */
export function useWidth<E extends Element>(): [{ current: E | null }, number] {
  const place = useRef<E>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width];
}
