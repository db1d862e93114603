using System.CommandLine;
using Osprey.Cli.CommandLine;
using Osprey.Session.Traces.Names;
using Osprey.Traces.Analyses;

namespace Osprey.Cli.Commands.Trace.Options;

/// <summary>The options for the sources of names and for what is shown of them.</summary>
internal sealed class SymbolOptions
{
    private readonly Option<bool> _debug = new("--debug", "-d") { Description = "Use build/debug/loader.elf" };
    private readonly Option<string> _exe = new("--exe", "-e")
    {
        Description = "The guest's ELF file with debug info",
        HelpName = "PATH",
    };
    private readonly Option<bool> _noResolve = new("--no-resolve", "-x")
    {
        Description = "Show addresses, do not resolve them",
    };
    private readonly Option<bool> _noInlines = new("--no-inlined-by") { Description = "Do not show inlined functions" };
    private readonly Option<bool> _lines = new("--show-line-number", "-L") { Description = "Show line numbers" };
    private readonly Option<bool> _addresses = new("--show-address", "-A") { Description = "Show addresses too" };
    private readonly Option<bool> _files = new("--show-file-name", "-F") { Description = "Show file names" };
    private readonly Option<bool> _symbolsFile = new("--use-symbols-file", "-S")
    {
        Description = "Use <tracefile>.symbols",
    };
    private readonly Option<string[]> _modules = new("--module")
    {
        Description = "An application's ELF file and where it is loaded; may be repeated",
        HelpName = "PATH@BASE",
        AllowMultipleArgumentsPerToken = false,
    };
    private readonly Option<string> _sysroot = new("--sysroot")
    {
        Description = "Folder with the guest's files: finds the modules that a dump names",
        HelpName = "DIR",
    };
    private readonly Option<bool> _noCache = new("--no-cache")
    {
        Description = "Do not read or write the index of debug info kept on disk",
    };

    private readonly Option<bool> _fullNames = new("--full-names")
    {
        Description = "Show C++ names whole on a terminal too, with the template arguments of the standard library",
    };

    public SymbolOptions(Command command)
    {
        using var group = OptionGroup.Begin(command, OptionGroup.Names);
        command.AddOptions(
            _symbolsFile,
            _exe,
            _debug,
            _noResolve,
            _modules,
            _sysroot,
            _noInlines,
            _files,
            _lines,
            _addresses,
            _noCache,
            _fullNames
        );
    }

    public bool WantsFullNames(ParseResult result) => result.GetValue(_fullNames);

    public SymbolSettings ReadSettings(ParseResult result) =>
        new()
        {
            NoResolve = result.GetValue(_noResolve),
            UseSymbolsFile = result.GetValue(_symbolsFile),
            ElfPath = result.GetValue(_exe),
            DefaultElfPath = BuildFolders.GetLoader(result.GetValue(_debug)),
            RequiresDefaultElf = result.GetValue(_debug),
            NoInlines = result.GetValue(_noInlines),
            Modules = result.GetValue(_modules) ?? [],
            Sysroot = result.GetValue(_sysroot),
            NoCache = result.GetValue(_noCache),
        };

    public FrameTextOptions ReadTextOptions(ParseResult result, bool isCompat) =>
        new(result.GetValue(_files), result.GetValue(_lines), result.GetValue(_addresses), isCompat);
}
