import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A key and a certificate from an authority of its own, for `localhost` and 127.0.0.1, valid for a day. */
export interface Certificate {
  readonly keyFile: string
  readonly certificateFile: string
  readonly pem: string
}

export function makeCertificate(folder: string): Certificate {
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const files = ['-keyout', keyFile, '-out', certificateFile]
  execFileSync(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...names, ...files],
    { stdio: 'pipe' },
  )
  return { keyFile, certificateFile, pem: readFileSync(certificateFile, 'utf8') }
}
