import { Monitor, Moon, Sun } from "lucide-react";
import { RadioGroup } from "radix-ui";
import { chooseTheme, THEMES, type Theme, useTheme } from "../ui/theme.ts";

const ICONS = { system: Monitor, light: Sun, dark: Moon } as const;

export function ThemeSwitch() {
  const theme = useTheme();
  return (
    <RadioGroup.Root
      aria-label="Colours"
      value={theme}
      onValueChange={(value) => chooseTheme(value as Theme)}
      className="grid grid-cols-3 gap-0.5 rounded-control border border-line p-0.5"
    >
      {THEMES.map(({ value, label }) => {
        const Icon = ICONS[value];
        return (
          <RadioGroup.Item
            key={value}
            value={value}
            aria-label={label}
            title={label}
            className="grid h-7 place-items-center rounded-[4px] text-muted hover:text-ink data-[state=checked]:bg-hover data-[state=checked]:text-ink"
          >
            <Icon size={14} aria-hidden="true" />
          </RadioGroup.Item>
        );
      })}
    </RadioGroup.Root>
  );
}
