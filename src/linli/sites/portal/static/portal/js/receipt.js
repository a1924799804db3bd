/* The receipt as a picture, and its address to copy. Without scripts: print, or a screenshot. */

const ticket = document.querySelector("[data-ticket]");
const SCALE = 2;
const WIDE = 400;
const HIGH = 320;

function value(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function drawn() {
  const canvas = document.createElement("canvas");
  canvas.width = WIDE * SCALE;
  canvas.height = HIGH * SCALE;
  const pen = canvas.getContext("2d");
  pen.scale(SCALE, SCALE);
  pen.fillStyle = value("--fill");
  pen.fillRect(0, 0, WIDE, HIGH);
  pen.fillStyle = value("--on-fill");
  pen.textAlign = "center";
  const line = (text, y, size, weight = 400) => {
    pen.font = `${weight} ${size}px ${value("--font")}`;
    pen.fillText(text, WIDE / 2, y, WIDE - 32);
  };
  const labels = [...ticket.querySelectorAll("dt")].map((one) => one.textContent);
  line(ticket.querySelector(".ticket-name").textContent, 40, 18, 600);
  line(labels[0], 82, 15);
  line(ticket.querySelector("[data-ticket-number]").textContent, 118, 31, 650);
  line(labels[1], 160, 15);
  line(ticket.querySelector("[data-ticket-code]").textContent, 194, 27, 650);
  [...ticket.querySelectorAll("[data-ticket-line]")].forEach((one, at) => line(one.textContent, 240 + at * 28, 15));
  line(location.host, 304, 13);
  return canvas;
}

function save() {
  drawn().toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = `${ticket.dataset.file}.png`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }, "image/png");
}

if (ticket) {
  const button = document.querySelector("[data-ticket-save]");
  button.hidden = false;
  button.addEventListener("click", save);
  const copy = document.querySelector("[data-ticket-copy]");
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      await navigator.clipboard.writeText(copy.dataset.ticketCopy);
      copy.querySelector("span").textContent = copy.dataset.done;
    });
  }
}
