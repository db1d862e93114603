using System.Text;
using Osprey.Binary;
using Osprey.Git;
using Osprey.Git.Objects;
using Osprey.Git.Packs;
using Osprey.Tests.Builders.Git;

namespace Osprey.Tests.Git.Packs;

/// <summary>A small pack with entries of all kinds, and ways to read all of it.</summary>
internal static class PackFixture
{
    /// <summary>Limits that keep what damage may claim small.</summary>
    public static GitLimits Limits { get; } =
        new()
        {
            MaxObjectSize = 1 << 16,
            MaxDeltaDepth = 20,
            MaxPacks = 10,
        };

    /// <summary>Makes the pack: a blob, chains of both kinds of deltas upon it, a commit, a tree and a tag.</summary>
    public static PackBuilder Create(ObjectFormat format)
    {
        var pack = new PackBuilder(format);
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 40).Select(i => $"line {i}\n")));
        PackedEntry blob = pack.AddWhole(GitObjectType.Blob, text);
        PackedEntry last = blob;
        for (int i = 0; i < 5; i++)
        {
            byte[] result = [.. last.Data.AsSpan(0, 100), (byte)('0' + i), .. last.Data.AsSpan(100)];
            byte[] delta = new DeltaBuilder(last.Data.Length, result.Length)
                .Copy(0, 100)
                .Insert([(byte)('0' + i)])
                .Copy(100, last.Data.Length - 100)
                .Build();
            last =
                i % 2 == 0 ? pack.AddOffsetDelta(last, delta, result) : pack.AddReferenceDelta(last.Id, delta, result);
        }

        pack.AddWhole(GitObjectType.Tree, [.. "100644 a\0"u8, .. new byte[format.Size]]);
        pack.AddWhole(GitObjectType.Commit, Encoding.ASCII.GetBytes($"tree {blob.Id}\n\nmessage\n"));
        pack.AddWhole(GitObjectType.Tag, Encoding.ASCII.GetBytes($"object {blob.Id}\ntype blob\ntag x\n\nx\n"));
        pack.AddWhole(GitObjectType.Blob, []);
        return pack;
    }

    /// <summary>Opens a pack whose references are found among a builder's entries.</summary>
    public static Pack Open(byte[] bytes, PackBuilder pack) =>
        new(
            new MemoryByteSource("pack", bytes),
            id => pack.Entries.FirstOrDefault(entry => entry.Id == id)?.Offset,
            pack.Format,
            Limits
        );

    /// <summary>Calls something over and over with bytes damaged in another way each time.</summary>
    /// <returns>How often it ended without an exception; all others were a <see cref="BadDataException"/>.</returns>
    public static int Damage(byte[] whole, int rounds, Action<byte[]> use)
    {
        var random = new Random(20);
        int passed = 0;
        for (int round = 0; round < rounds; round++)
        {
            byte[] bytes = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)0xff : (byte)random.Next(256);

            if (random.Next(4) == 0)
                bytes = bytes[..random.Next(bytes.Length)];

            passed += Passes(() => use(bytes)) ? 1 : 0;
        }

        return passed;
    }

    /// <summary>Calls something with each shorter piece of bytes; each call must end with the one exception.</summary>
    public static void Truncate(byte[] whole, Action<byte[]> use)
    {
        for (int length = 0; length < whole.Length; length++)
            Assert.False(Passes(() => use(whole[..length])), $"{length} of {whole.Length} bytes");
    }

    private static bool Passes(Action use)
    {
        try
        {
            use();
            return true;
        }
        catch (BadDataException)
        {
            return false;
        }
    }
}
