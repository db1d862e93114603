namespace Osprey.Guests.Processes;

/// <summary>A file of the guest, as far as the guest has its pages in memory.</summary>
public interface IGuestFile
{
    /// <summary>Its size in bytes.</summary>
    ulong Size { get; }

    /// <summary>Copies a page of the file.</summary>
    /// <param name="index">The page's number, from 0: the place in the file divided by the page's size.</param>
    /// <param name="page">Takes the page: 4096 bytes. Those behind the file's end are any.</param>
    /// <returns>False when the guest has it not in memory, or it can't be read.</returns>
    bool TryReadPage(ulong index, Span<byte> page);
}
