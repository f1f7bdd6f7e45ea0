// A drawing of the server is kept as PNG; without scripts the link gives it as SVG.
export function pictures(root) {
  for (const link of root.querySelectorAll("a[data-png]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      save(link.href).catch(() => location.assign(link.href));
    });
  }
}

async function save(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  const name = decodeURIComponent(/filename\*=utf-8''([^;]+)/i.exec(answer.headers.get("Content-Disposition") ?? "")?.[1] ?? "xingtan.svg");
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(await answer.text())}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: image.width * 2, height: image.height * 2 });
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(image, 0, 0, canvas.width, canvas.height);
  const link = document.createElement("a");
  link.href = canvas.toDataURL("image/png");
  link.download = name.replace(/\.svg$/, ".png");
  link.click();
}
