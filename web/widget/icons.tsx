/** @jsxImportSource ./dom */
/** Drawn for this widget, 20 × 20, in the colour of the text. */
import type { JSX } from "./dom/jsx-runtime.ts";

function Icon({ d }: { readonly d: string }): JSX.Element {
  return (
    <svg
      viewBox="0 0 20 20"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={d} />
    </svg>
  );
}

const draw = (d: string) => (): JSX.Element => <Icon d={d} />;

export const ChatIcon = draw(
  "M4 3.5h12A1.5 1.5 0 0 1 17.5 5v8a1.5 1.5 0 0 1-1.5 1.5H9L5 17.5v-3H4A1.5 1.5 0 0 1 2.5 13V5A1.5 1.5 0 0 1 4 3.5ZM6 7.5h8M6 10.7h5",
);
export const CloseIcon = draw("m5 5 10 10M15 5 5 15");
export const DownIcon = draw("m5 8 5 5 5-5");
export const SendIcon = draw("M10 16.5v-13M4.5 9 10 3.5 15.5 9");
export const SentIcon = draw("m4.5 10.5 3.5 3.5 7.5-8");
export const ReadIcon = draw("m2 10.5 3.5 3.5 7-8M10.5 14l7-8");
export const WaitIcon = draw("M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 6v4l2.5 2");
export const FailedIcon = draw("M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM10 6.5v4M10 13.4v.1");
export const UpIcon = draw(
  "M7 9v8H4V9h3Zm0 0 3-6c1.2 0 2 .8 2 2v3h3.4a1.3 1.3 0 0 1 1.3 1.6l-1.3 6c-.2.9-.8 1.4-1.7 1.4H7",
);
export const ThumbDownIcon = draw(
  "M13 11V3h3v8h-3Zm0 0-3 6c-1.2 0-2-.8-2-2v-3H4.6a1.3 1.3 0 0 1-1.3-1.6l1.3-6C4.8 3.5 5.4 3 6.3 3H13",
);
export const CopyIcon = draw(
  "M8 7h7.5A1 1 0 0 1 16.5 8v7.5a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1ZM4.5 13a1 1 0 0 1-1-1V4.5a1 1 0 0 1 1-1H12a1 1 0 0 1 1 1",
);
export const PersonIcon = draw("M10 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM4 17c.5-3 2.9-4.5 6-4.5s5.5 1.5 6 4.5");
export const OpenIcon = draw(
  "M11.5 4H16v4.5M16 4l-7 7M14 12v3a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h3",
);
