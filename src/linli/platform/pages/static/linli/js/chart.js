/* Charts in the colours of the page, with the table they are made of beside them. */

import { asset } from "./ground.js";

let library;

function tokens() {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

function series_of(kind, one, colour) {
  const base = { name: one.name, data: one.values, color: colour, emphasis: { focus: "series" } };
  if (kind === "bar" || kind === "stacked") {
    return { ...base, type: "bar", barMaxWidth: 28, stack: kind === "stacked" ? "all" : undefined, itemStyle: { borderRadius: kind === "bar" ? [3, 3, 0, 0] : 0 } };
  }
  return { ...base, type: "line", symbolSize: 6, smooth: false, lineStyle: { width: 2 }, areaStyle: kind === "area" ? { opacity: 0.12 } : undefined, labelLayout: { moveOverlap: "shiftY" }, endLabel: { show: true, formatter: "{a}", color: "inherit" } };
}

function options(kind, data, unit) {
  const token = tokens();
  const text = { color: token("text-2"), fontFamily: token("font"), fontSize: 12 };
  const colours = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => token(`series-${n}`));
  const tooltip = { renderMode: "richText", backgroundColor: token("surface"), borderColor: token("line"), textStyle: { ...text, color: token("text") } };
  if (kind === "share") {
    const parts = data.categories.map((name, at) => ({ name, value: data.series[0].values[at] }));
    return { color: colours, textStyle: text, tooltip, series: [{ type: "pie", radius: ["52%", "78%"], data: parts, label: { formatter: "{b}\n{d}%", color: token("text-2") }, itemStyle: { borderColor: token("surface"), borderWidth: 2 } }] };
  }
  const line = { lineStyle: { color: token("line") } };
  return {
    textStyle: text,
    tooltip: { ...tooltip, trigger: "axis", valueFormatter: (value) => `${value} ${unit}` },
    legend: data.series.length > 1 && kind !== "line" && kind !== "area" ? { top: 0, left: 0, textStyle: text, itemWidth: 12, itemHeight: 12 } : undefined,
    grid: { left: 8, right: kind === "line" || kind === "area" ? 72 : 8, top: data.series.length > 1 ? 36 : 12, bottom: 4, containLabel: true },
    xAxis: { type: "category", data: data.categories, axisLine: line, axisTick: { show: false }, axisLabel: text },
    yAxis: { type: "value", splitLine: line, axisLabel: text },
    animation: false,
    series: data.series.map((one, at) => series_of(kind, one, colours[at % colours.length])),
  };
}

export async function startChart(figure) {
  library ||= import(asset("../../vendor/echarts.js"));
  const echarts = await library;
  const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const canvas = figure.querySelector(".canvas");
  canvas.hidden = false;
  figure.querySelector(".chart-twin").open = false;
  const chart = echarts.init(canvas, null, { renderer: "svg" });
  const draw = () => chart.setOption(options(figure.dataset.chart, data, figure.dataset.unit || ""), true);
  draw();
  new ResizeObserver(() => chart.resize()).observe(canvas);
  document.addEventListener("linli:look", draw);
}
