using System.Text;
using Osprey.Guests.Linux.Symbols;
using Osprey.Guests.Programs;
using Osprey.Symbols;

namespace Osprey.Guests.Linux;

/// <content>Symbols out of texts.</content>
internal sealed partial class LinuxGuest : IGuestSymbolFiles
{
    private const int Beginning = 256;

    public bool IsSymbolFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        byte[] start = new byte[Beginning];
        int count = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return SymbolText.IsOne(Encoding.Latin1.GetString(start, 0, count));
    }

    public ISymbolTable ReadSymbolFile(string path, bool acceptsAny)
    {
        using StreamReader reader = File.OpenText(path);
        return SymbolText.Place(
            SymbolText.Read(reader, path),
            path,
            GetOwnSpace(_machine.Space).Memory,
            Identity.KernelAddress,
            acceptsAny
        );
    }
}
