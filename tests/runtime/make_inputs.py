"""Files for tests/runtime/run.sh, good and bad, by NumPy and nothing else: make_inputs.py FOLDER."""
import os
import struct
import sys
import zlib

import numpy as np

os.chdir(sys.argv[1])
x = np.arange(48, dtype='float32').reshape(3, 4, 4, 1)
np.save('f4.npy', x)
for dtype in ('f2', 'f8', 'u1', 'i2', 'i4', 'i8', '>f4', '>f8', '>i4', 'u8'):
    np.save(f'{dtype.replace(">", "big-")}.npy', x.astype(dtype))
np.save('fortran.npy', np.asfortranarray(x))
np.save('fortran-u1.npy', np.asfortranarray(x.astype('u1')))
np.save('no-channel.npy', x[..., 0])
np.save('no-batch.npy', x[0])
np.save('neither.npy', x[0, ..., 0])
np.save('none.npy', x[:0])
for version in ((2, 0), (3, 0)):
    with open(f'version{version[0]}.npy', 'wb') as f:
        np.lib.format.write_array(f, x, version=version)
x.tofile('raw.f32')
np.savetxt('rows.csv', x.reshape(3, 16), fmt='%g', delimiter=',')
np.savetxt('headed.csv', x.reshape(3, 16), fmt='%g', delimiter=';', header=';'.join('abcdefghijklmnop'), comments='')

np.save('flat.npy', x.reshape(3, 16))
np.save('large.npy', np.zeros((2, 5, 5, 1), 'f4'))
np.save('complex.npy', x.astype('c8'))
np.save('text.npy', np.array(['a', 'b']))
np.save('objects.npy', np.array([{}], dtype=object), allow_pickle=True)
np.save('records.npy', np.zeros(2, [('a', 'f4'), ('b', 'i4')]))
good = open('f4.npy', 'rb').read()
open('cut.npy', 'wb').write(good[:-5])
open('cut-header.npy', 'wb').write(good[:40])
open('huge.npy', 'wb').write(good.replace(b'(3, 4, 4, 1)', b'(9999999999999, 4, 4, 1)').replace(b' ' * 12 + b'\n', b'\n'))
open('newline.npy', 'wb').write(good.replace(b"'<f4'", b"'<\nf'"))
open('version9.npy', 'wb').write(good[:6] + b'\x09' + good[7:])
open('cut.f32', 'wb').write(x.tobytes()[:-1])
open('empty.csv', 'w').close()
open('short.csv', 'w').write('1,2,3\n')
open('word.csv', 'w').write('0,' * 15 + '0\n' + '1,2,three,4\n')
open('garbage.dat', 'wb').write(b'\0\1\2\3')
open('labels.txt', 'w').write('sum\ngreatest\nleast\n')
open('two-labels.txt', 'w').write('sum\ngreatest\n')


def png(name, pixels):
    """8-bit grey (h, w), RGB (h, w, 3) or RGBA (h, w, 4)."""
    h, w = pixels.shape[:2]
    kind = {1: 0, 3: 2, 4: 6}[pixels.size // (h * w)]
    rows = b''.join(b'\0' + row.astype('u1').tobytes() for row in pixels)
    with open(name, 'wb') as f:
        f.write(b'\x89PNG\r\n\x1a\n')
        for tag, data in ((b'IHDR', struct.pack('>IIBBBBB', w, h, 8, kind, 0, 0, 0)), (b'IDAT', zlib.compress(rows)),
                          (b'IEND', b'')):
            f.write(struct.pack('>I', len(data)) + tag + data + struct.pack('>I', zlib.crc32(tag + data)))


os.makedirs('pictures', exist_ok=True)
os.makedirs('no-pictures', exist_ok=True)
png('pictures/b.png', np.arange(16).reshape(4, 4))
png('pictures/a.png', np.full((4, 4, 3), 100))
png('pictures/c.PNG', np.full((9, 7, 4), 200))
open('pictures/notes.txt', 'w').write('not a picture\n')
whole = open('pictures/a.png', 'rb').read()
open('cut.png', 'wb').write(whole[:-20])
open('fake.png', 'w').write('this is text\n')
open('bomb.png', 'wb').write(whole[:16] + struct.pack('>II', 60000, 60000) + whole[24:])
