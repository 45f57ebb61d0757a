#pragma once

#include <string>

namespace sluice {

/// A key pair made for tests; it guards nothing.
inline constexpr const char* kTestKey =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC0mCSud4LIYmCE\n"
    "IXM4jGs0D0nDG65ll5o3jj3kPOYdSwi1eZKfhlc3torTnfXvjZnqTKAD8HkS0t8m\n"
    "k38lwWNQdOnEjyUqvwa5pTNGzRlMWXL4GxzwB5GEJ1Ij48SWQB1nbdsiWftZ5Lfo\n"
    "0Pg300VivBs0QKvYnDpPye725xM7C8tPqj62e6JPrIiweHOdZe3mYPJJY5i/lba1\n"
    "MK6kxm3Mkf1bNFBubBaucUVY+jY8SQxVtcPKg+/puXGv/ujU5rNKR7U/MnU10QF0\n"
    "GwjvzJNbapNcfME18zjSbOmiEsihSRa4rZ83Hsb8fpVfK1V37dKqWr+2drRusoFo\n"
    "EmlS+mi5AgMBAAECggEADz//wk8rlzyeINpARBNbeXscWUz3m52YiL4gDNYgVR3r\n"
    "yi34yzQeyQDHAAVelLrfjJuphtuiJbbyisE5eJiNiJLu1fSD3h8LyYEhRNvMme1o\n"
    "b3oT+1LwSflrZBt3k3vY383fi4A6C5vBn00yK2im+yZI988e6SeRfFZgMa+j/erQ\n"
    "PPA3tGUpZfkuQ29IVZeRRXn4xbIakrQk5Z4XXdMGP9D7m/WZxvuH8cOZhRAtKX6J\n"
    "NNQE77Rf8SJ1kTYiDZC/0bSVmGV7D5sYOcCiboU00n2GhQO7aNQ14san/ofvKstI\n"
    "s8+s35LUvXa1O1rRMPSBF3iFNgIdsXerdkVbIe/YvwKBgQD19rW1POFy2CkJ8ySy\n"
    "AU0y8EBtqOO1ZrRjMbpbXKBGPTNWZ1rA9Iaz9s/3Asv8TRBHMH/umxDqX8cAbTtG\n"
    "KCicALXtnoPXaYSRL9AVprpQ/unvP6wHqeWaf3fqu74Aa8Tk11LzKBbj4iskful4\n"
    "O9ejMATbYt4IuJGTn9MMYmEsAwKBgQC79pjetzthnLGcdH3empz5HWeBSeMTfNX3\n"
    "F9nbqYztzHs6SYiDVlcTcrgLTRbo1gxWbtHRd3VxgzSk0q3lt3nRwX9+csCDNgeZ\n"
    "T/6teY0W5oVEM8dOnGhYATGioRn+iUy9QGOvE71byMZ7xFKlY3tXj8lQF1Z5S0Fx\n"
    "ntrdNSthkwKBgQDhB3kROoTs5FUPlFMzRDuT6fiYG1dRZIiO5DUiVykPefiZCXAf\n"
    "btg6mAmGbRmhWAQXjYjODTK5qyzO+CCtvBoDOCc6IbdvgktV5Y+T73kwlzgBupgy\n"
    "Xr8AzbQxnthjXDXERDfQ3RGsJgTgm/gQF3ffBhS7fsWy5uHRVPzqrKtIbwKBgQCF\n"
    "r3pCzWe6oUvhzyjG7oi+1Z8MYZTUA3Ha8GfOx+SoLUtnxW0GnJ4KAwnLX+TvbW4Q\n"
    "+3jX1nL9bShAImf0fm5yNYGMWel6aS82Z6LnlxA2PXaDb6BN1QiRryeyV4q5csXV\n"
    "xLohh5Sid0ZUOOnfH8ZWHLo98JtcYZ4GRcm8k1hraQKBgDZbeHveS66RbfnByht0\n"
    "pVefc2/jdHEMLiokGlfGoE96bcnYSxIXc3ThHCkpoBHwIxrOic7r7fMJaSWKeWsm\n"
    "RNS6eT2nkJUsgz4BcwhP+y2xB0C41JBSbS70j2Mya5VGfopZAA84Txm5vMahTVHL\n"
    "KoVsLBU0awN9uH9IlRI2YLTu\n"
    "-----END PRIVATE KEY-----\n";

inline constexpr const char* kTestPublicKey =
    "-----BEGIN PUBLIC KEY-----\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAtJgkrneCyGJghCFzOIxr\n"
    "NA9JwxuuZZeaN4495DzmHUsItXmSn4ZXN7aK0531742Z6kygA/B5EtLfJpN/JcFj\n"
    "UHTpxI8lKr8GuaUzRs0ZTFly+Bsc8AeRhCdSI+PElkAdZ23bIln7WeS36ND4N9NF\n"
    "YrwbNECr2Jw6T8nu9ucTOwvLT6o+tnuiT6yIsHhznWXt5mDySWOYv5W2tTCupMZt\n"
    "zJH9WzRQbmwWrnFFWPo2PEkMVbXDyoPv6blxr/7o1OazSke1PzJ1NdEBdBsI78yT\n"
    "W2qTXHzBNfM40mzpohLIoUkWuK2fNx7G/H6VXytVd+3Sqlq/tna0brKBaBJpUvpo\n"
    "uQIDAQAB\n"
    "-----END PUBLIC KEY-----\n";

}  // namespace sluice
