import { Slider } from "radix-ui";
import { useId } from "react";
import { Button } from "../ui/button.tsx";

interface ThresholdFieldProps {
  /** `null`: the measured value. */
  readonly value: number | null;
  readonly measured: number;
  readonly onChange: (value: number | null) => void;
}

/** 0..1 in hundredths. The line on the track is the measured value. */
export function ThresholdField({ value, measured, onChange }: ThresholdFieldProps) {
  const id = useId();
  const current = value ?? measured;
  return (
    <div className="grid gap-2">
      <div className="flex items-baseline justify-between gap-3">
        <p id={`${id}-label`} className="text-sm font-medium">
          How sure must it be before it answers?
        </p>
        <output className="font-medium tabular-nums">{current.toFixed(2)}</output>
      </div>
      <Slider.Root
        value={[Math.round(current * 100)]}
        min={0}
        max={100}
        step={1}
        onValueChange={([hundredths]) => hundredths !== undefined && onChange(hundredths / 100)}
        className="relative flex h-6 touch-none items-center select-none"
      >
        <Slider.Track className="relative h-1 grow rounded-full bg-line">
          <Slider.Range className="absolute h-full rounded-full bg-accent" />
          <span
            aria-hidden="true"
            title={`Measured: ${measured.toFixed(2)}`}
            className="absolute top-1/2 h-3 w-0.5 -translate-1/2 bg-edge"
            style={{ left: `${measured * 100}%` }}
          />
        </Slider.Track>
        <Slider.Thumb
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-note`}
          aria-valuetext={current.toFixed(2)}
          className="block size-5 rounded-full border-2 border-accent bg-raised"
        />
      </Slider.Root>
      <div aria-hidden="true" className="flex justify-between text-xs text-muted">
        <span>answers more often</span>
        <span>calls a person more often</span>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p id={`${id}-note`} className="min-w-0 flex-1 basis-60 text-xs text-pretty text-muted">
          {value === null
            ? `This is the value measured for the search in use. Answers below it are not given; a person is called.`
            : `Measured for the search in use: ${measured.toFixed(2)}. Answers below yours are not given; a person is called.`}
        </p>
        {value !== null && (
          <Button size="small" onClick={() => onChange(null)}>
            Use the measured value
          </Button>
        )}
      </div>
    </div>
  );
}
