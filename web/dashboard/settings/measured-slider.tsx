import { Slider } from "radix-ui";
import { useId } from "react";
import { Button } from "../ui/button.tsx";

interface MeasuredSliderProps {
  readonly label: string;
  /** `null`: the measured value. */
  readonly value: number | null;
  readonly measured: number;
  /** Hundredths. Default 1. */
  readonly step?: number;
  /** What the ends of the track mean. */
  readonly ends: readonly [low: string, high: string];
  readonly note: string;
  /** How the value reads, e.g. "0.70". */
  readonly say: (value: number) => string;
  readonly onChange: (value: number | null) => void;
}

/** 0..1 in hundredths. The line on the track is the measured value. */
export function MeasuredSlider(props: MeasuredSliderProps) {
  const { label, value, measured, step = 1, ends, note, say, onChange } = props;
  const id = useId();
  const current = value ?? measured;
  return (
    <div className="grid gap-2">
      <div className="flex items-baseline justify-between gap-3">
        <p id={`${id}-label`} className="text-sm font-medium">
          {label}
        </p>
        <output className="font-medium tabular-nums">{say(current)}</output>
      </div>
      <Slider.Root
        value={[Math.round(current * 100)]}
        min={0}
        max={100}
        step={step}
        onValueChange={([hundredths]) => hundredths !== undefined && onChange(hundredths / 100)}
        className="relative flex h-6 touch-none items-center select-none"
      >
        <Slider.Track className="relative h-1 grow rounded-full bg-line">
          <Slider.Range className="absolute h-full rounded-full bg-accent" />
          <span
            aria-hidden="true"
            title={`Measured: ${say(measured)}`}
            className="absolute top-1/2 h-3 w-0.5 -translate-1/2 bg-edge"
            style={{ left: `${measured * 100}%` }}
          />
        </Slider.Track>
        <Slider.Thumb
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-note`}
          aria-valuetext={say(current)}
          className="block size-5 rounded-full border-2 border-accent bg-raised"
        />
      </Slider.Root>
      <div aria-hidden="true" className="flex justify-between text-xs text-muted">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p id={`${id}-note`} className="min-w-0 flex-1 basis-60 text-xs text-pretty text-muted">
          {note}
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
