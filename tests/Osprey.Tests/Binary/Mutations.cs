using Osprey.Binary;

namespace Osprey.Tests.Binary;

/// <summary>
/// Gives damaged inputs to a reader, which must throw <see cref="BadDataException"/> or nothing, and must use little
/// memory.
/// </summary>
internal static class Mutations
{
    /// <summary>
    /// A limit far above the need of any of the small inputs: more memory means that a declared size was allocated.
    /// </summary>
    private const long MaxAllocatedBytes = 64 << 20;

    /// <summary>Cuts the input off at every byte.</summary>
    /// <returns>The number of inputs that the reader refused.</returns>
    public static int Truncate(byte[] input, Action<byte[]> read)
    {
        int refused = 0;
        for (int length = 0; length < input.Length; length++)
            refused += Try(input[..length], read, $"cut to {length} bytes");

        return refused;
    }

    /// <summary>Changes some bytes of the input, the same ones in every run.</summary>
    /// <returns>The number of inputs that the reader refused.</returns>
    public static int Change(byte[] input, int seed, int count, Action<byte[]> read)
    {
        byte[] values = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];
        var random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] changed = [.. input];
            int changes = random.Next(1, 5);
            for (int j = 0; j < changes; j++)
            {
                int at = random.Next(changed.Length);
                changed[at] = random.Next(2) == 0 ? values[random.Next(values.Length)] : (byte)random.Next(256);
            }

            refused += Try(changed, read, $"seed {seed}, input {i}");
        }

        return refused;
    }

    /// <summary>Gives one input to the reader.</summary>
    /// <returns>1 when the reader refused it, else 0.</returns>
    public static int Try(byte[] input, Action<byte[]> read, string what)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            read(input);
            return 0;
        }
        catch (BadDataException)
        {
            return 1;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what}: {Convert.ToHexString(input)}", e);
        }
        finally
        {
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MaxAllocatedBytes, $"{what}: {allocated} bytes for {Convert.ToHexString(input)}");
        }
    }
}
