/** Places on the screen to be covered: drawn on the picture at the player's time, or typed. */
import { ActionIcon, Button, Group, Input, NumberInput, Stack } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { type PointerEvent, useRef, useState } from "react";
import { frameAddress } from "../../api/addresses";
import { FrameImage, sizeOf } from "../../elements/FrameImage";
import { type Region, regionBetween } from "./draft";
import type { FieldProps } from "./fields";
import { TEXTS } from "./texts";

interface Point {
  x: number;
  y: number;
}

const FRAME_WIDTH = 1280;
const SIDES = ["x", "y", "width", "height"] as const;
const SIDE_WORDS = { x: TEXTS.left, y: TEXTS.top, width: TEXTS.width, height: TEXTS.height };

export function RegionPicker({ form, recording, timeNow }: FieldProps) {
  const { draft, set } = form;
  const size = sizeOf(recording);
  const [atMs] = useState(timeNow);
  const add = (region: Region) => set({ regions: [...draft.regions, region] });
  const change = (index: number, region: Region) =>
    set({ regions: draft.regions.map((one, at) => (at === index ? region : one)) });
  return (
    <Input.Wrapper
      labelElement="div"
      label={TEXTS.regions}
      error={form.field("regions").error}
      description={TEXTS.drawOverPictureWhat}
    >
      <Stack gap="xs" mt={6}>
        <Drawing size={size} regions={draft.regions} onDrawn={add}>
          <FrameImage src={frameAddress(recording.id, atMs, FRAME_WIDTH)} size={size} />
        </Drawing>
        {draft.regions.map((region, index) => (
          <Row
            key={`region-${index + 1}`}
            number={index + 1}
            region={region}
            onChange={(changed) => change(index, changed)}
            onRemove={() => set({ regions: draft.regions.filter((_, at) => at !== index) })}
          />
        ))}
        <Button
          variant="subtle"
          size="compact-sm"
          w="max-content"
          leftSection={<Plus size={14} />}
          onClick={() => add({ x: 0, y: 0, width: 100, height: 100 })}
        >
          {TEXTS.typeRegion}
        </Button>
      </Stack>
    </Input.Wrapper>
  );
}

interface DrawingProps {
  size: { width: number; height: number };
  regions: readonly Region[];
  onDrawn: (region: Region) => void;
  children: React.ReactNode;
}

function Drawing({ size, regions, onDrawn, children }: DrawingProps) {
  const surface = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<{ from: Point; to: Point } | null>(null);
  const pointOf = (event: PointerEvent): Point => {
    const place = surface.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1);
    return {
      x: ((event.clientX - place.left) / place.width) * size.width,
      y: ((event.clientY - place.top) / place.height) * size.height,
    };
  };
  const begin = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ from: pointOf(event), to: pointOf(event) });
  };
  const end = () => {
    const drawn = drag && regionBetween(drag.from, drag.to, size);
    if (drawn) onDrawn(drawn);
    setDrag(null);
  };
  const drawing = drag && regionBetween(drag.from, drag.to, size);
  return (
    <div
      ref={surface}
      className="region-surface"
      onPointerDown={begin}
      onPointerMove={(event) => drag && setDrag({ ...drag, to: pointOf(event) })}
      onPointerUp={end}
      onPointerCancel={() => setDrag(null)}
    >
      {children}
      <svg viewBox={`0 0 ${size.width} ${size.height}`} preserveAspectRatio="none" aria-hidden="true">
        {[...regions, ...(drawing ? [drawing] : [])].map((region) => (
          <rect key={JSON.stringify(region)} {...region} />
        ))}
      </svg>
    </div>
  );
}

interface RowProps {
  number: number;
  region: Region;
  onChange: (region: Region) => void;
  onRemove: () => void;
}

function Row({ number, region, onChange, onRemove }: RowProps) {
  return (
    <Group gap="xs" wrap="nowrap" align="flex-end">
      {SIDES.map((side) => (
        <NumberInput
          key={side}
          size="xs"
          label={SIDE_WORDS[side]}
          aria-label={TEXTS.region(number, SIDE_WORDS[side])}
          min={side === "x" || side === "y" ? 0 : 1}
          allowDecimal={false}
          hideControls
          value={region[side]}
          onChange={(value) => onChange({ ...region, [side]: Number(value) || 0 })}
        />
      ))}
      <ActionIcon
        variant="subtle"
        color="gray"
        onClick={onRemove}
        aria-label={TEXTS.removeRegion(number)}
        mb={2}
      >
        <X size={16} />
      </ActionIcon>
    </Group>
  );
}
