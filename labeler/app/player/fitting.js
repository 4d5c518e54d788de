// How tall a player is: as the window leaves room for, so that all of it is seen without scrolling.

const GAP_BELOW_PX = 12;
const PAGE = '[data-testid="stMainBlockContainer"]';
const SCROLLER = '[data-testid="stMain"]';

/** Fits `root` now and from then on: with the window, and with what is above when it grows or goes. */
export function fitting(root, leastPx, signal) {
  const fit = () => {
    const top = root.getBoundingClientRect().top + (document.querySelector(SCROLLER)?.scrollTop ?? 0);
    root.style.height = `${Math.max(leastPx, window.innerHeight - top - GAP_BELOW_PX)}px`;
  };
  window.addEventListener("resize", fit, { signal });
  const page = document.querySelector(PAGE);
  if (page) {
    const watch = new ResizeObserver(fit);
    watch.observe(page);
    signal.addEventListener("abort", () => watch.disconnect());
  }
  return fit;
}
