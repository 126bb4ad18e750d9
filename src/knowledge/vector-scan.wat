;; The inner loop of exact vector search: dot products of one question with many rows of 8-bit integers.
;; `scripts/wasm.ts` compiles this into vector-scan-wasm.ts; vector-matrix.ts lays the memory out.
(module
  (memory (export "memory") 1)
  ;; For each of $count records from $row on, each a float32 scale, twelve bytes of nothing and $width signed bytes:
  ;; writes scale * sum(question[i] * bytes[i]) as float32 to $scores. $question points to $width signed 16-bit
  ;; integers. $width is a multiple of 16, and every sum fits 32 bits.
  (func (export "scan")
    (param $row i32) (param $width i32) (param $question i32) (param $scores i32) (param $count i32)
    (local $scale f32) (local $end i32) (local $at i32) (local $bytes v128) (local $low v128) (local $high v128)
    (block $done
      (loop $each
        (br_if $done (i32.eqz (local.get $count)))
        (local.set $scale (f32.load (local.get $row)))
        (local.set $row (i32.add (local.get $row) (i32.const 16)))
        (local.set $end (i32.add (local.get $row) (local.get $width)))
        (local.set $at (local.get $question))
        (local.set $low (v128.const i32x4 0 0 0 0))
        (local.set $high (v128.const i32x4 0 0 0 0))
        (loop $sixteen
          (local.set $bytes (v128.load (local.get $row)))
          (local.set $low (i32x4.add (local.get $low)
            (i32x4.dot_i16x8_s (i16x8.extend_low_i8x16_s (local.get $bytes)) (v128.load (local.get $at)))))
          (local.set $high (i32x4.add (local.get $high)
            (i32x4.dot_i16x8_s (i16x8.extend_high_i8x16_s (local.get $bytes)) (v128.load offset=16 (local.get $at)))))
          (local.set $at (i32.add (local.get $at) (i32.const 32)))
          (local.set $row (i32.add (local.get $row) (i32.const 16)))
          (br_if $sixteen (i32.lt_u (local.get $row) (local.get $end))))
        (local.set $low (i32x4.add (local.get $low) (local.get $high)))
        (f32.store (local.get $scores)
          (f32.mul (local.get $scale)
            (f32.convert_i32_s
              (i32.add
                (i32.add (i32x4.extract_lane 0 (local.get $low)) (i32x4.extract_lane 1 (local.get $low)))
                (i32.add (i32x4.extract_lane 2 (local.get $low)) (i32x4.extract_lane 3 (local.get $low)))))))
        (local.set $scores (i32.add (local.get $scores) (i32.const 4)))
        (local.set $count (i32.sub (local.get $count) (i32.const 1)))
        (br $each)))))
