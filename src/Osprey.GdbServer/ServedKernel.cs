using Osprey.Session.Guests;
using Osprey.Session.Guests.Programs;
using Osprey.Target;

namespace Osprey.GdbServer;

/// <summary>
/// The kernel's file for debuggers: its own, or, where that is not here, a temporary one made of what the kernel has in
/// memory.
/// </summary>
/// <param name="guest">The guest.</param>
internal sealed class ServedKernel(GuestSession guest) : IDisposable
{
    private string? _made;
    private bool _isSearched;

    /// <summary>Its full path; empty when there is none.</summary>
    public string Path => FindOwn() is { } kernel ? System.IO.Path.GetFullPath(kernel.Path) : MakePath() ?? "";

    /// <summary>The reason why no file could be made; null when there is none.</summary>
    public string? Problem { get; private set; }

    /// <summary>The kernel's own file, if debuggers find its symbols in it.</summary>
    public GuestModule? FindOwn() => guest.Programs.KernelTable is null ? guest.Programs.Kernel : null;

    /// <summary>Removes the temporary file.</summary>
    public void Dispose()
    {
        if (_made is null)
            return;

        try
        {
            Directory.Delete(System.IO.Path.GetDirectoryName(_made)!, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else has removed it, or changed its folder.
        }
    }

    private string? MakePath()
    {
        if (_isSearched)
            return _made;

        _isSearched = true;
        try
        {
            if (KernelElf.Create(guest, withCode: false) is { } elf)
            {
                string path = System.IO.Path.Combine(Directory.CreateTempSubdirectory("osprey-").FullName, "vmlinux");
                _made = path;
                using FileStream stream = File.Create(path, 1 << 20);
                elf.Write(stream);
            }
        }
        catch (Exception exception) when (exception is TargetException or IOException or UnauthorizedAccessException)
        {
            // Debuggers do without.
            Problem = exception.Message;
            Dispose();
            _made = null;
        }

        return _made;
    }
}
