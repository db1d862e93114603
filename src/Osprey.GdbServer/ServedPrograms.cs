using System.Globalization;
using System.Security;
using System.Text;
using Osprey.Binary;
using Osprey.Session.Guests;

namespace Osprey.GdbServer;

/// <summary>The guest's kernel and what it has loaded, in the forms in which debuggers ask for them.</summary>
/// <param name="guest">The guest.</param>
internal sealed class ServedPrograms(GuestSession guest) : IDisposable
{
    private const string Dynamic = ".dynamic";

    private readonly ServedKernel _kernel = new(guest);

    /// <summary>The kernel's file, or one made of what it has in memory; empty when there is none.</summary>
    public string KernelPath => _kernel.Path;

    /// <summary>The reason why no file could be made of the kernel's memory; null when there is none.</summary>
    public string? KernelProblem => _kernel.Problem;

    /// <summary>All files.</summary>
    public IEnumerable<string> Files =>
        guest
            .Programs.Modules.Where(module => module != guest.Programs.Kernel)
            .Select(module => Path.GetFullPath(module.Path))
            .Append(KernelPath);

    /// <summary>How far the kernel was moved, as the reply to <c>qOffsets</c>; empty when it is not known.</summary>
    public string Offsets
    {
        get
        {
            if (_kernel.FindOwn() is not { } kernel)
                return "";

            string bias = kernel.Bias.Value.ToString("x", CultureInfo.InvariantCulture);
            return $"Text={bias};Data={bias};Bss={bias}";
        }
    }

    /// <summary>
    /// The loaded programs and libraries, as the list that gdb asks for where it takes the system to be Linux.
    /// </summary>
    /// <remarks>gdb 13.1 takes no list without the number of a namespace (lmid); others need none.</remarks>
    public string LinuxLibraries =>
        List(
            "library-list-svr4",
            module =>
                FindDynamic(module) is ulong dynamic
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $" lmid=\"0x0\" lm=\"0x{module.Start:x}\" l_addr=\"0x{module.Bias.Value:x}\" "
                            + $"l_ld=\"0x{dynamic:x}\"/>"
                    )
                    : null
        );

    /// <summary>
    /// Finds a program by what the list has in the place of its link map; 0 is the kernel. Null when there is none.
    /// </summary>
    public GuestModule? FindProgram(ulong start) =>
        start == 0 ? guest.Programs.Kernel : guest.Programs.Modules.FirstOrDefault(module => module.Start == start);

    /// <summary>The same as the list that gdb asks for where it knows no system.</summary>
    public string Libraries =>
        List(
            "library-list",
            module =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"><segment address=\"0x{module.Bias.GetStart(module.Image):x}\"/></library>"
                )
        );

    /// <summary>Removes a file that was made.</summary>
    public void Dispose() => _kernel.Dispose();

    private string List(string name, Func<GuestModule, string?> describe)
    {
        var xml = new StringBuilder($"<{name} version=\"1.0\">\n");
        foreach (GuestModule module in guest.Programs.Modules)
        {
            if (module != guest.Programs.Kernel && describe(module) is { } text)
                xml.Append("<library name=\"")
                    .Append(SecurityElement.Escape(Path.GetFullPath(module.Path)))
                    .Append('"')
                    .Append(text)
                    .Append('\n');
        }

        return xml.Append("</").Append(name).Append(">\n").ToString();
    }

    private static ulong? FindDynamic(GuestModule module)
    {
        try
        {
            return module.Image.FindSection(Dynamic) is { } section ? module.Bias.ToAddress(section.LinkAddress) : null;
        }
        catch (BadDataException)
        {
            return null;
        }
    }
}
