import { useEffect, useRef } from "react";

interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  /** Some of what it stands for is chosen, some is not. */
  readonly partly?: boolean;
  /** `range`: with Shift held, everything from the last one to this. */
  readonly onChange: (checked: boolean, range: boolean) => void;
}

/** The browser's own box, with room around it for fingers. */
export function Checkbox({ label, checked, partly = false, onChange }: CheckboxProps) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = partly && !checked;
  }, [partly, checked]);
  return (
    <label className="-m-2 grid size-8 cursor-pointer place-items-center max-sm:-m-3 max-sm:size-10">
      <input
        ref={box}
        type="checkbox"
        aria-label={label}
        checked={checked}
        onChange={(event) => {
          const { nativeEvent } = event;
          onChange(event.target.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey);
        }}
        className="size-4 cursor-pointer accent-accent"
      />
    </label>
  );
}
