using System.Globalization;
using Osprey.Binary.Elf;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Sources;
using Osprey.Traces.Model;

namespace Osprey.Session.Traces.Names;

/// <summary>Tells how well an ELF file fits a trace: it is the one that ran, or of another build.</summary>
/// <remarks>
/// A return address follows a call, and the key of a tracepoint is the address of its object, <c>trace_NAME</c>. In an
/// ELF file of another build most addresses point elsewhere. A trace has no build-id that would tell for sure.
/// </remarks>
/// <param name="Path">The file.</param>
/// <param name="Addresses">Distinct return addresses that lie in the file's code.</param>
/// <param name="AfterCall">Those that follow a call there.</param>
/// <param name="Keys">Tracepoints whose key lies in the file; 0 when its symbols have no tracepoints.</param>
/// <param name="NamedKeys">Those whose object has the tracepoint's name there.</param>
public sealed record ElfFit(string Path, int Addresses, int AfterCall, int Keys, int NamedKeys)
{
    /// <summary>The share of addresses, and of keys, that a file of the right build has at least.</summary>
    public const double Threshold = 0.95;

    /// <summary>The share of return addresses that follow a call; null when none lies in the file.</summary>
    public double? CallShare => Addresses == 0 ? null : (double)AfterCall / Addresses;

    /// <summary>The share of keys that are named in the file; null when there are none to look for.</summary>
    public double? KeyShare => Keys == 0 ? null : (double)NamedKeys / Keys;

    /// <summary>Distinct return addresses outside of the file's code; 0 where they are none of its concern.</summary>
    public int Outside { get; init; }

    /// <summary>Tells whether the file has the code of none of the addresses, and names none of the keys.</summary>
    public bool CoversNothing => Addresses == 0 && Outside > 0 && NamedKeys == 0;

    /// <summary>Tells whether nothing speaks against the file.</summary>
    public bool IsFit => !CoversNothing && CallShare is null or >= Threshold && KeyShare is null or >= Threshold;

    /// <summary>The message for the user, as one line; null when the file fits.</summary>
    public string? Warning
    {
        get
        {
            if (IsFit)
                return null;

            var found = new List<string>();
            if (CoversNothing)
                found.Add($"none of {Outside} return addresses lies in its code");

            if (CallShare is < Threshold)
                found.Add(
                    $"only {AfterCall} of {Addresses} return addresses ({Percent(CallShare)}) follow a call in it"
                );

            if (KeyShare is < Threshold)
                found.Add($"only {NamedKeys} of {Keys} tracepoints ({Percent(KeyShare)}) are where it has them");

            return $"{Path} does not fit the trace, names may be {(CoversNothing ? "missing" : "wrong")}: "
                + $"{string.Join(", and ", found)} (is it of another build?)";
        }
    }

    /// <summary>Checks an open symbol source, in its place in memory.</summary>
    /// <inheritdoc cref="Check(ElfImage, LoadBias, IEnumerable{ulong}, IEnumerable{Tracepoint})"/>
    internal static ElfFit Check(
        ElfSymbolSource source,
        IEnumerable<ulong> returnAddresses,
        IEnumerable<Tracepoint> tracepoints
    ) => Check(source.Image, source.Module.Bias, returnAddresses, tracepoints) with { Path = source.Module.Path };

    /// <summary>Checks an ELF file against what a trace has.</summary>
    /// <param name="image">The file.</param>
    /// <param name="bias">Where it ran.</param>
    /// <param name="returnAddresses">
    /// Distinct return addresses as the trace has them; those outside of the file's code do not count.
    /// </param>
    /// <param name="tracepoints">Those that occur; ones outside of the file do not count.</param>
    /// <exception cref="Osprey.Binary.BadDataException">The file's symbol table is malformed.</exception>
    internal static ElfFit Check(
        ElfImage image,
        LoadBias bias,
        IEnumerable<ulong> returnAddresses,
        IEnumerable<Tracepoint> tracepoints
    )
    {
        int addresses = 0;
        int afterCall = 0;
        int outside = 0;
        foreach (ulong address in returnAddresses)
        {
            ulong linkAddress = bias.ToLinkAddress(address);
            if (!IsCode(image, unchecked(linkAddress - 1)))
            {
                outside++;
                continue;
            }

            if (ReturnAddressCheck.IsAfterCall(image, linkAddress) is not bool isAfterCall)
                continue;

            addresses++;
            afterCall += isAfterCall ? 1 : 0;
        }

        (int keys, int named) = TracepointObjects.Match(image, bias, tracepoints);
        return new ElfFit(image.Source.Name, addresses, afterCall, keys, named) { Outside = outside };
    }

    /// <summary>Checks the files that the user gave with <c>-e</c> and <c>--module</c>.</summary>
    /// <inheritdoc cref="Check(ElfImage, LoadBias, IEnumerable{ulong}, IEnumerable{Tracepoint})"/>
    /// <param name="settings">Names the files.</param>
    /// <param name="returnAddresses">Distinct return addresses as the trace has them.</param>
    /// <param name="tracepoints">Those that occur.</param>
    /// <exception cref="IOException">A file can't be opened.</exception>
    internal static IReadOnlyList<ElfFit> CheckFiles(
        SymbolSettings settings,
        IReadOnlyCollection<ulong> returnAddresses,
        IReadOnlyCollection<Tracepoint> tracepoints
    )
    {
        var fits = new List<ElfFit>();
        if (settings.ElfPath is string path)
            fits.Add(CheckFile(path, null));

        foreach (string module in settings.Modules)
        {
            ModulePlace place = ModulePlace.Parse(module);
            fits.Add(CheckFile(place.Path, place.Base));
        }

        return fits;

        ElfFit CheckFile(string file, ulong? baseAddress)
        {
            using ElfImage image = ElfImage.Open(file);
            LoadBias bias = baseAddress is ulong start ? LoadBias.FromBase(image, start) : LoadBias.None;
            ElfFit fit = Check(image, bias, returnAddresses, tracepoints);
            return baseAddress is null ? fit : fit with { Outside = 0 }; // a module may have no part in the trace
        }
    }

    private static bool IsCode(ElfImage image, ulong linkAddress)
    {
        foreach (ElfSection section in image.Sections)
        {
            if (
                (section.Flags & ElfSectionFlags.Executable) != 0
                && linkAddress >= section.LinkAddress
                && linkAddress - section.LinkAddress < section.Size
            )
            {
                return true;
            }
        }

        return false;
    }

    private static string Percent(double? share) =>
        string.Create(CultureInfo.InvariantCulture, $"{Math.Floor((share ?? 0) * 1000) / 10:F1} %");
}
