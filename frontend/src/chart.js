// From a table to a picture. The first column names the points of the axis, every further column is a series:
//   <figure class="chart" data-chart="line|bar|box" data-unit="%" data-save="…" data-target="1.7" data-target-label="…">
//     <div class="chart-canvas"></div>
//     <details><summary>…</summary><table>… <td data-value="1.6"> … <tr data-break="口径变更"> …</table></details>
// A cell without data-value is a gap, never a zero. A box chart reads lowest, lower quartile, median, upper quartile, highest.
import { BarChart, BoxplotChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

echarts.use([LineChart, BarChart, BoxplotChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

const FONT = '"Noto Sans SC Variable", sans-serif';
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const value = (cell) => (cell?.dataset.value === undefined || cell.dataset.value === "" ? null : Number(cell.dataset.value));

function read(figure) {
  const rows = [...figure.querySelectorAll("tbody tr")].map((row) => ({ cells: [...row.children], mark: row.dataset.break }));
  return {
    heads: [...figure.querySelectorAll("thead th")].map((cell) => cell.textContent.trim()),
    points: rows.map((row) => row.cells[0].textContent.trim()),
    rows: rows.map((row) => row.cells.slice(1).map(value)),
    shown: rows.map((row) => row.cells.slice(1).map((cell) => cell.textContent.trim())),
    breaks: rows.flatMap((row, at) => (row.mark ? [{ at, text: row.mark }] : [])),
  };
}

function marks(figure, table) {
  const line = (label, style, position) => ({ label: { formatter: label, color: style, position, fontFamily: FONT }, lineStyle: { color: style, type: "dashed" } });
  const found = table.breaks.map(({ at, text }) => ({ xAxis: at, ...line(text, css("--near"), "end") }));
  const { target, targetLabel } = figure.dataset;
  if (target) found.push({ yAxis: Number(target), ...line(targetLabel ?? target, css("--met"), "insideEndTop") });
  return found.length ? { symbol: "none", silent: true, animation: false, data: found } : undefined;
}

function series(figure, table) {
  const kind = figure.dataset.chart;
  if (kind === "box") return [{ type: "boxplot", data: table.rows, itemStyle: { color: css("--accent-soft"), borderColor: css("--accent") } }];
  const colours = [css("--accent"), css("--apricot"), css("--met"), css("--ink-2"), css("--miss")];
  return table.heads.slice(1).map((name, at) => ({
    type: kind === "bar" ? "bar" : "line",
    name,
    data: table.rows.map((row) => row[at]),
    color: colours[at % colours.length],
    // More than one series must be told apart without colour too.
    symbol: ["circle", "rect", "triangle", "diamond", "pin"][at % 5],
    lineStyle: { type: ["solid", "dashed", "dotted"][at % 3], width: 2 },
    symbolSize: 6,
    barMaxWidth: 28,
    connectNulls: false,
    markLine: at === 0 ? marks(figure, table) : undefined,
  }));
}

function option(figure, table) {
  const text = { fontFamily: FONT, fontSize: 12, color: css("--ink-2") };
  const unit = figure.dataset.unit ?? "";
  // Bars are read by their length, so their axis starts at zero; a line is read by its slope.
  return {
    animation: false,
    textStyle: text,
    grid: { left: 8, right: 16, top: 24, bottom: table.heads.length > 2 ? 32 : 8, containLabel: true },
    legend: table.heads.length > 2 && figure.dataset.chart !== "box" ? { bottom: 0, textStyle: text } : undefined,
    tooltip: {
      trigger: "axis",
      textStyle: { ...text, color: css("--ink") },
      renderMode: "richText",
      formatter: (items) => [items[0].name, ...items.map((item) => `${item.seriesName} ${table.shown[item.dataIndex][item.seriesIndex] ?? ""}`)].join("\n"),
    },
    xAxis: { type: "category", data: table.points, axisLabel: text, axisTick: { show: false }, axisLine: { lineStyle: { color: css("--line") } } },
    yAxis: { type: "value", scale: figure.dataset.chart !== "bar", axisLabel: { ...text, formatter: `{value}${unit}` }, splitLine: { lineStyle: { color: css("--line-2") } } },
    series: series(figure, table),
  };
}

export async function draw(figure) {
  const canvas = figure.querySelector(".chart-canvas");
  const table = read(figure);
  if (!canvas || !table.points.length) return;
  // A canvas does not wait for web fonts as text does.
  await document.fonts.load(`12px ${FONT}`, table.points.join("") + table.heads.join("")).catch(() => {});
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(option(figure, table));
  new ResizeObserver(() => chart.resize()).observe(canvas);
  const button = figure.querySelector("[data-save-png]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => save(chart, figure.dataset.save || document.title));
  }
}

function save(chart, name) {
  const link = document.createElement("a");
  link.href = chart.getDataURL({ type: "png", pixelRatio: 2, backgroundColor: "#fff" });
  link.download = `${name}.png`;
  link.click();
}
