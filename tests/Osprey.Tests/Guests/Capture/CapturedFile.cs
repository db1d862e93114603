using Osprey.Packets.Captures;

namespace Osprey.Tests.Guests.Capture;

/// <summary>Compares what Osprey captured with what QEMU's filter-dump wrote of the same network.</summary>
internal static class CapturedFile
{
    /// <summary>The frames of a file, in order.</summary>
    public static IReadOnlyList<byte[]> ReadFrames(string path)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        CaptureReader reader = CaptureReader.Open(stream, path);
        var frames = new List<byte[]>();
        while (reader.TryRead(out CaptureRecord record))
            frames.Add(record.Data.ToArray());

        return frames;
    }

    /// <summary>The packets that a file says are missing.</summary>
    public static long ReadDrops(string path)
    {
        using FileStream stream = File.OpenRead(path);
        CaptureReader reader = CaptureReader.Open(stream, path);
        while (reader.TryRead(out _))
        {
            // The counts are at the end.
        }

        Assert.Null(reader.Defect);
        return (long)reader.DropCount!.Value;
    }

    /// <summary>
    /// Requires that of each direction the captured frames are among those of the dump, in their order, and that those
    /// that are missing are as many as were counted.
    /// </summary>
    /// <returns>The frames of the dump, and those that were captured.</returns>
    public static (int Dumped, int Captured) RequireEqual(string path, IReadOnlyList<byte[]> dump)
    {
        IReadOnlyList<byte[]> captured = ReadFrames(path);
        var missing = new List<byte[]>();
        foreach (bool isFromGuest in (bool[])[false, true])
        {
            byte[][] expected = [.. dump.Where(frame => IsFromGuest(frame) == isFromGuest)];
            int next = 0;
            foreach (byte[] frame in captured.Where(frame => IsFromGuest(frame) == isFromGuest))
            {
                int found = Array.FindIndex(expected, next, item => item.AsSpan().SequenceEqual(frame));
                Assert.True(found >= 0, $"not in the dump, or not in its order: {Convert.ToHexStringLower(frame)}");
                missing.AddRange(expected[next..found]);
                next = found + 1;
            }

            missing.AddRange(expected[next..]);
        }

        long drops = ReadDrops(path);
        Assert.True(
            drops == missing.Count,
            $"{drops} counted, {missing.Count} missing: "
                + string.Join(' ', missing.Take(9).Select(Convert.ToHexStringLower))
        );
        return (dump.Count, captured.Count);
    }

    // QEMU's own card has the address 52:54:00:12:34:56.
    private static bool IsFromGuest(byte[] frame) =>
        frame.AsSpan(6, 6).SequenceEqual((ReadOnlySpan<byte>)[0x52, 0x54, 0, 0x12, 0x34, 0x56]);
}
