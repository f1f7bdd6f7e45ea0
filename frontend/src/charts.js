// A chart draws the table that stands in its figure; the chart library is fetched only when a chart comes into sight.
export function charts(root) {
  const figures = root.querySelectorAll("figure[data-chart]");
  if (!figures.length) return;
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      watcher.unobserve(entry.target);
      import("./chart.js").then(({ draw }) => draw(entry.target));
    }
  }, { rootMargin: "200px" });
  figures.forEach((figure) => watcher.observe(figure));
}
