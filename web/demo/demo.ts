/** The demo page's snippet: with the address of this server in it, and a button that copies it. */

const snippet = document.querySelector("#snippet");
const button = document.querySelector<HTMLButtonElement>("#copy");

if (snippet !== null && button !== null) {
  const text = (snippet.textContent ?? "").replace('src="/', `src="${location.origin}/`);
  snippet.textContent = text;
  // Only secure contexts have a clipboard; without one the text can still be selected.
  button.hidden = navigator.clipboard === undefined;
  button.addEventListener("click", () => {
    navigator.clipboard.writeText(text).then(
      () => say(button, "Copied"),
      () => say(button, "Not copied"),
    );
  });
}

function say(element: HTMLElement, word: string): void {
  element.textContent = word;
  setTimeout(() => {
    element.textContent = "Copy";
  }, 2000);
}
