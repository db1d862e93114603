using System.Security.Cryptography;
using Osprey.Target.Backends.Qemu.Processes;

namespace Osprey.Tests.Guests;

/// <summary>A guest's RAM as the host's kernel shows it: by none of the ways that are tested.</summary>
internal static class GuestRam
{
    private const ulong Size = 256 << 20;

    /// <summary>A digest of all RAM of a small guest.</summary>
    public static string Hash(LinuxGuest guest)
    {
        ProcessMapping ram = ProcessMapping.ReadAll(guest.ProcessId).Single(mapping => mapping.IsWritable && mapping.End - mapping.Start == Size);
        using FileStream memory = File.OpenRead($"/proc/{guest.ProcessId}/mem");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        byte[] buffer = new byte[4 << 20];
        memory.Position = (long)ram.Start;
        for (ulong done = 0; done < Size; done += (ulong)buffer.Length)
        {
            memory.ReadExactly(buffer);
            hash.AppendData(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
