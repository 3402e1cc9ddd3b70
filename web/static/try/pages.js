/** Three papers in one file: the board, each engineer's sheet, the rows to look at. Without scripts they follow one another. */

{
  const PAPERS = ["board", "sheets", "rows"];
  const buttons = [...document.querySelectorAll("[data-paper]")];

  const turn = (paper) => {
    document.body.dataset.paperShown = paper;
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.paper === paper));
    window.dispatchEvent(new Event("resize"));
  };

  for (const button of buttons) button.addEventListener("click", () => turn(button.dataset.paper));
  for (const link of document.querySelectorAll("[data-to-paper]")) {
    link.addEventListener("click", () => turn(link.dataset.toPaper));
  }
  const asked = location.hash.slice(1);
  turn(PAPERS.includes(asked) ? asked : "board");
}
