using Osprey.Binary;
using Osprey.Symbols;
using Osprey.Target;

namespace Osprey.Guests.Programs;

/// <summary>A system whose kernel's symbols are also given out as a text, such as Linux's <c>System.map</c>.</summary>
/// <remarks>A front end asks for it with <see langword="is"/> on the <see cref="IGuestOs"/>.</remarks>
public interface IGuestSymbolFiles
{
    /// <summary>Tells whether a file looks like such a text, by its beginning.</summary>
    /// <exception cref="IOException">It can't be read.</exception>
    bool IsSymbolFile(string path);

    /// <summary>Reads one, and checks that it is the running kernel's.</summary>
    /// <param name="path">The file.</param>
    /// <param name="acceptsAny">Whether it is taken whatever the check says.</param>
    /// <exception cref="IOException">It can't be read.</exception>
    /// <exception cref="BadDataException">It is malformed.</exception>
    /// <exception cref="TargetException">It is another kernel's.</exception>
    ISymbolTable ReadSymbolFile(string path, bool acceptsAny);
}
