using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Tests.Guests;

/// <summary>
/// What all of a small guest's RAM held at one moment, as the host's kernel shows it: by none of the ways that are
/// tested.
/// </summary>
internal sealed class GuestRam
{
    private const int Size = 256 << 20;

    private readonly LinuxGuest _guest;
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size);

    public GuestRam(LinuxGuest guest)
    {
        _guest = guest;
        using FileStream memory = Open();
        memory.ReadExactly(_bytes);
    }

    /// <summary>Whether every byte is still the same.</summary>
    public bool IsUnchanged()
    {
        using FileStream memory = Open();
        byte[] buffer = new byte[4 << 20];
        for (int done = 0; done < Size; done += buffer.Length)
        {
            memory.ReadExactly(buffer);
            if (!buffer.AsSpan().SequenceEqual(_bytes.AsSpan(done, buffer.Length)))
                return false;
        }

        return true;
    }

    private FileStream Open()
    {
        ProcessMapping ram = ProcessMapping
            .ReadAll(_guest.ProcessId)
            .Single(mapping => mapping.IsWritable && mapping.End - mapping.Start == Size);
        return new FileStream($"/proc/{_guest.ProcessId}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0)
        {
            Position = (long)ram.Start,
        };
    }
}
