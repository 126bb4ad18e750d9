import { MeasuredSlider } from "./measured-slider.tsx";

interface ThresholdFieldProps {
  /** `null`: the measured value. */
  readonly value: number | null;
  readonly measured: number;
  readonly onChange: (value: number | null) => void;
}

export function ThresholdField({ value, measured, onChange }: ThresholdFieldProps) {
  return (
    <MeasuredSlider
      label="How sure must it be before it answers?"
      value={value}
      measured={measured}
      ends={["answers more often", "calls a person more often"]}
      note={
        value === null
          ? "This is the value measured for the search in use. Answers below it are not given; a person is called."
          : `Measured for the search in use: ${measured.toFixed(2)}. Answers below yours are not given; a person is called.`
      }
      say={(part) => part.toFixed(2)}
      onChange={onChange}
    />
  );
}
