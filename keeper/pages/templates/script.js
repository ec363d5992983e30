"use strict";
// Figures are made of light colours; where the reader's system is dark each is turned into its pair.
const scheme = matchMedia("(prefers-color-scheme: dark)");
const dark = JSON.parse(document.getElementById("dark").textContent);
const pointer = matchMedia("(hover: hover) and (pointer: fine)").matches;
const paint = (text) =>
  scheme.matches ? text.replace(/#[0-9a-f]{6}\b/g, (colour) => dark[colour] || colour) : text;

function draw(plot) {
  const { data, layout } = JSON.parse(paint(plot.previousElementSibling.textContent));
  if (!pointer) layout.dragmode = false; // a finger scrolls the page
  Plotly.newPlot(plot, data, layout, {
    responsive: true,
    displaylogo: false,
    displayModeBar: pointer ? "hover" : false,
    modeBarButtons: [["toImage", "resetScale2d"]],
  });
  plot.on("plotly_relayout", (change) => follow(plot, change));
}

// Panels of one group show the same stretch of time.
let following = false;
async function follow(plot, change) {
  const axis = Object.entries(change).filter(([key]) => key.startsWith("xaxis."));
  const group = plot.closest(".linked");
  if (following || !group || !axis.length) return;
  following = true;
  const others = [...group.querySelectorAll(".plot")].filter((other) => other !== plot);
  await Promise.all(others.map((other) => Plotly.relayout(other, Object.fromEntries(axis))));
  following = false;
}

const plots = document.querySelectorAll(".plot");
plots.forEach(draw);
scheme.addEventListener("change", () => plots.forEach(draw));

document.querySelectorAll("nav").forEach((nav) => {
  const buttons = nav.querySelectorAll("button");
  const rows = nav.nextElementSibling.querySelectorAll("tbody tr");
  buttons.forEach((button) => {
    button.onclick = () => {
      buttons.forEach((other) => other.classList.toggle("on", other === button));
      rows.forEach((row) => {
        row.hidden = button.dataset.choice !== "" && row.dataset.choice !== button.dataset.choice;
      });
    };
  });
});

document.querySelectorAll(".copy button").forEach((button) => {
  button.onclick = async () => {
    const code = button.previousElementSibling;
    getSelection().selectAllChildren(code);
    await navigator.clipboard?.writeText(code.textContent);
    button.textContent = "copied";
  };
});
