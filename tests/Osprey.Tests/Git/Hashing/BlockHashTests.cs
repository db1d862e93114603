using System.Security.Cryptography;
using System.Text;
using Osprey.Git.Hashing;

namespace Osprey.Tests.Git.Hashing;

/// <summary>Compares our hashes with those of the runtime.</summary>
public sealed class BlockHashTests
{
    private const int MaxLength = 300;

    [Fact]
    public void Hashes_OfAllLengths_AreThoseOfTheRuntime()
    {
        byte[] data = new byte[MaxLength];
        new Random(1).NextBytes(data);
        for (int length = 0; length <= MaxLength; length++)
        {
            ReadOnlySpan<byte> message = data.AsSpan(0, length);
            Assert.Equal(Expected(HashAlgorithmName.SHA1, message), Hash(new Sha1Hash(), message, 7));
            Assert.Equal(Expected(HashAlgorithmName.SHA256, message), Hash(new Sha256Hash(), message, 100));
        }
    }

    [Fact]
    public void Hashes_OfTheStandardsExample_AreAsThere()
    {
        byte[] message = Encoding.ASCII.GetBytes("abc");
        Assert.Equal("a9993e364706816aba3e25717850c26c9cd0d89d", Hash(new Sha1Hash(), message, 3));
        Assert.Equal(
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            Hash(new Sha256Hash(), message, 3)
        );
    }

    private static string Expected(HashAlgorithmName name, ReadOnlySpan<byte> message) =>
        Convert.ToHexStringLower(CryptographicOperations.HashData(name, message));

    private static string Hash(BlockHash hash, ReadOnlySpan<byte> message, int step)
    {
        for (; message.Length > step; message = message[step..])
            hash.Append(message[..step]);

        hash.Append(message);
        return hash.Finish().ToString();
    }
}
