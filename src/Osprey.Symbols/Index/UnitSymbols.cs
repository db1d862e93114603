using Osprey.Binary;
using Osprey.Binary.Demangling;
using Osprey.Binary.Dwarf.Info;
using Osprey.Binary.Dwarf.Line;

namespace Osprey.Symbols.Index;

/// <summary>
/// The functions, inlined calls and lines of one unit. They are read at once; names are read when they are asked for.
/// </summary>
internal sealed class UnitSymbols
{
    private readonly CompilationUnit _unit;
    private readonly LineTable? _lines;
    private readonly Dictionary<int, FunctionCalls?> _calls = [];
    private FunctionName[] _names;
    private bool[] _isNamed;
    private bool _isWhole;
    private string? _problem;

    private UnitSymbols(CompilationUnit unit, FunctionScopes scopes, LineTable? lines, string? directory)
    {
        _unit = unit;
        _lines = lines;
        Scopes = scopes;
        CompilationDirectory = directory;
        _names = new FunctionName[scopes.Count];
        _isNamed = new bool[scopes.Count];
    }

    /// <summary>
    /// The unit's functions and inlined calls. <see cref="FindScope"/> may find more of them, which changes the numbers
    /// of all.
    /// </summary>
    public FunctionScopes Scopes { get; private set; }

    /// <summary>The unit's lines; null when there are none.</summary>
    public LineTable? Lines => _lines;

    private string? CompilationDirectory { get; }

    /// <summary>Reads a unit; a part that can't be read is reported and left out.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="whole">True to read functions within types, too, at once.</param>
    /// <param name="report">Receives the problems.</param>
    public static UnitSymbols Read(CompilationUnit unit, bool whole, Action<string> report)
    {
        LineTable? lines = null;
        string? directory = null;
        try
        {
            directory = unit.CompilationDirectory;
            if (unit.LineProgramOffset is { } offset)
                lines = LineTable.Parse(unit.Owner.Sections, offset, unit.Encoding.AddressSize, unit.Owner.Limits);

            if (lines?.Problem is { } lineProblem)
                report(lineProblem.Message);
        }
        catch (BadDataException e)
        {
            report(e.Message);
        }

        CompilationUnit described = unit;
        try
        {
            described = unit.Split ?? unit;
        }
        catch (BadDataException e)
        {
            report(e.Message);
        }

        FunctionScopes scopes = FunctionScopesReader.Read(described, whole, out BadDataException? problem);
        if (problem is not null)
            report(problem.Message);

        return new UnitSymbols(described, scopes, lines, directory) { _isWhole = whole, _problem = problem?.Message };
    }

    /// <summary>
    /// Returns the index of the innermost scope at a link-time address, or <see cref="FunctionScopes.None"/>. An
    /// address without a scope has the unit read once more, whole.
    /// </summary>
    public int FindScope(ulong linkAddress, Action<string> report)
    {
        int scope = Scopes.Find(linkAddress);
        if (scope != FunctionScopes.None || _isWhole)
            return scope;

        ReadWhole(report);
        return Scopes.Find(linkAddress);
    }

    /// <summary>Reads functions within types, too.</summary>
    private void ReadWhole(Action<string> report)
    {
        _isWhole = true;
        FunctionScopes whole = FunctionScopesReader.Read(_unit, true, out BadDataException? problem);
        if (problem is not null && problem.Message != _problem)
            report(problem.Message);

        if (whole.Count == Scopes.Count)
            return;

        Scopes = whole;
        _names = new FunctionName[whole.Count];
        _isNamed = new bool[whole.Count];
        _calls.Clear();
    }

    /// <summary>Finds file and line of a link-time address; both are null when unknown.</summary>
    public bool TryFindLine(ulong linkAddress, out string? file, out int? line)
    {
        file = null;
        line = null;
        if (_lines is null || !_lines.TryFindRow(linkAddress, out LineRow row))
            return false;

        file = GetFile(row.File);
        line = row.Line > 0 ? row.Line : null;
        return true;
    }

    /// <summary>Returns the path of a file by its number in the line table; null when there is no such file.</summary>
    public string? GetFile(int number) => _lines?.GetFilePath(number, CompilationDirectory);

    /// <summary>
    /// Returns the calls of the function at a link-time address, those that were inlined into it included; null when no
    /// function is there, or its debug info is malformed, which is reported.
    /// </summary>
    public FunctionCalls? FindCalls(ulong linkAddress, Action<string> report)
    {
        int scope = FindScope(linkAddress, report);
        if (scope == FunctionScopes.None)
            return null;

        while (Scopes[scope].Parent != FunctionScopes.None)
            scope = Scopes[scope].Parent;

        if (_calls.TryGetValue(scope, out FunctionCalls? known))
            return known;

        FunctionCalls? calls = null;
        try
        {
            calls = FunctionCalls.Read(_unit, Scopes[scope].EntryOffset);
        }
        catch (BadDataException e)
        {
            report(e.Message);
        }

        _calls.Add(scope, calls);
        return calls;
    }

    /// <summary>Returns the name of a scope; read once, then kept.</summary>
    public FunctionName GetName(int scope, bool demangle, Action<string> report)
    {
        if (_isNamed[scope])
            return _names[scope];

        FunctionName name = default;
        try
        {
            name = FunctionName.Find(_unit, Scopes[scope].EntryOffset);
            if (demangle && name.Text is { } text)
                name = name with { Text = SymbolDemangler.Demangle(text) };
        }
        catch (BadDataException e)
        {
            report(e.Message);
        }

        _names[scope] = name;
        _isNamed[scope] = true;
        return name;
    }
}
