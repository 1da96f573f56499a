import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { imageSize } from '../../../src/routing/image-size.ts'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

function chunk(type: string, data: Uint8Array): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const framed = Buffer.alloc(typed.length + 8)
  framed.writeUInt32BE(data.length, 0)
  typed.copy(framed, 4)
  framed.writeUInt32BE(crc32(typed), typed.length + 4)
  return framed
}

function header(width: number, height: number): Buffer {
  const data = Buffer.from('00000000000000000800000000', 'hex')
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  return chunk('IHDR', data)
}

const PIXELS = chunk('IDAT', deflateSync(Buffer.alloc(64)))

function url(...parts: readonly Uint8Array[]): string {
  return `data:image/png;base64,${Buffer.concat(parts).toString('base64')}`
}

/** The size a PNG with this header has by the standard, read independently of the program: byte by byte. */
function standardSize(bytes: Uint8Array) {
  const [width = 0, height = 0] = [0, 4].map((from) =>
    [0, 1, 2, 3].reduce((side, place) => side * 256 + (bytes[16 + from + place] ?? 0), 0),
  )
  const begins = [...SIGNATURE, 0, 0, 0, 13, ...Buffer.from('IHDR')].every((byte, at) => bytes[at] === byte)
  return begins && bytes.length >= 24 && width > 0 && height > 0 ? { width, height } : undefined
}

test('the size is that of the only IHDR chunk, whatever comes between it and the pixels', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 0x7fffffff }),
      fc.integer({ min: 1, max: 0x7fffffff }),
      fc.array(fc.tuple(fc.constantFrom('gAMA', 'iCCP', 'eXIf', 'tEXt'), fc.uint8Array({ maxLength: 300 })), {
        maxLength: 5,
      }),
      (width, height, between) => {
        const chunks = between.map(([type, data]) => chunk(type, data))
        assert.deepEqual(imageSize(url(SIGNATURE, header(width, height), ...chunks, PIXELS)), {
          width,
          height,
        })
      },
    ),
  )
})

test('the size of any bytes is unknown or that of a well-formed PNG header', () => {
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.constantFrom(SIGNATURE, header(1, 2), header(0, 2), header(0xffffffff, 1), PIXELS),
    fc
      .constantFrom('ffd8ff', 'ffd8ffff01', 'ffc0001108', '0000000d49484452')
      .map((hex) => Buffer.from(hex, 'hex')),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.boolean(), (pieces, signed) => {
      const all = Buffer.concat(signed ? [SIGNATURE, header(3, 4), ...pieces] : pieces)
      const size = imageSize(url(all))
      if (size !== undefined) assert.deepEqual(size, standardSize(all))
    }),
    { numRuns: 2_000 },
  )
})

test('a JPEG has no size, so a second frame header in a comment cannot lower the bound', () => {
  const frame = (width: number, height: number) => {
    const bytes = Buffer.from('ffc0001108000000000301220002110103110100', 'hex')
    bytes.writeUInt16BE(height, 5)
    bytes.writeUInt16BE(width, 7)
    return bytes
  }
  const comment = Buffer.concat([Buffer.from('fffe0016', 'hex'), frame(32, 32)])
  const lying = Buffer.concat([Buffer.from('ffd8ffff01', 'hex'), comment, frame(2304, 768)])
  for (const type of ['jpeg', 'png']) {
    assert.equal(imageSize(`data:image/${type};base64,${lying.toString('base64')}`), undefined)
  }
})

test('a PNG that decoders may read differently has no size', () => {
  const good = url(SIGNATURE, header(8, 8), PIXELS)
  const cases: Readonly<Record<string, string>> = {
    'a second IHDR': url(SIGNATURE, header(8, 8), header(4096, 4096), PIXELS),
    'an IHDR that is not the first chunk': url(
      SIGNATURE,
      chunk('CgBI', Buffer.alloc(4)),
      header(8, 8),
      PIXELS,
    ),
    'an IHDR of another length': url(
      SIGNATURE,
      chunk('IHDR', Buffer.from('000000080000000808000000000000', 'hex')),
      PIXELS,
    ),
    'pixels beyond what is looked at': url(
      SIGNATURE,
      header(8, 8),
      chunk('tEXt', Buffer.alloc(9_000)),
      header(4096, 4096),
      PIXELS,
    ),
    'no pixels': url(SIGNATURE, header(8, 8)),
    'no width': url(SIGNATURE, header(0, 8), PIXELS),
    'letters that some decoders skip': good.replace('base64,', 'base64,-'),
    'a space': good.replace('base64,', 'base64, '),
    'data after a second comma': `${good},${good}`,
    'another media type': good.replace('png', 'webp'),
    'no base64': good.replace(';base64', ''),
    'nothing behind the comma': 'data:image/png;base64,',
  }
  assert.deepEqual(imageSize(good), { width: 8, height: 8 })
  for (const [name, written] of Object.entries(cases)) assert.equal(imageSize(written), undefined, name)
})
