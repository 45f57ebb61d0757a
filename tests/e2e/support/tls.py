"""HTTPS: a certificate of our own, and a server that speaks with it."""
import datetime

import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.sluice import Sluice


def make_identity(folder):
    """Writes a self-signed certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(minutes=5))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)
        .add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


class TlsSluice(Sluice):
    @property
    def url(self):
        return f"https://localhost:{self.port}"

    def _is_up(self):
        assert self.process.exit_code is None, self.process.tail()
        try:
            return requests.get(self.url + "/health", timeout=5, verify=self.ca).ok
        except requests.ConnectionError:
            return False

    def launch(self):
        process = super().launch()
        self.session.verify = self.ca
        self.session.trust_env = False  # REQUESTS_CA_BUNDLE would win over it.
        return process
