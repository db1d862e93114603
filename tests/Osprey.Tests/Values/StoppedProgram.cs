using Osprey.Binary.Elf;
using Osprey.Symbols;
using Osprey.Symbols.Modules;
using Osprey.Symbols.Types;
using Osprey.Target.Architectures.X64;
using Osprey.Target.Memory;
using Osprey.Target.Unwinding;
using Osprey.Tests.Symbols.Oracle;
using Osprey.Tests.Target.Unwinding;
using Osprey.Values;
using Osprey.Values.Expressions;
using Osprey.Values.Frames;
using Osprey.Values.Printing;

namespace Osprey.Tests.Values;

/// <summary>
/// A program that was compiled, run to a breakpoint instruction under gdb, and dumped to a core file, with gdb's output
/// at that point.
/// </summary>
internal sealed class StoppedProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("osprey-test").FullName;
    private readonly LinuxCore _core;
    private readonly TypeCatalog _types;
    private readonly ElfImage _image;

    public StoppedProgram(string compiler, string options, string source, string? expressions = null)
    {
        string program = Path.Combine(_folder, "program");
        Tools.Run(
            compiler,
            [.. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-o", program, source],
            folder: Programs
        );
        string list = expressions is null ? "/dev/null" : Path.Combine(Programs, expressions);
        string script = Path.Combine(_folder, "print.py");
        File.WriteAllText(
            script,
            File.ReadAllText(Path.Combine(Programs, "print.py"))
                .Replace("@FOLDER@", _folder, StringComparison.Ordinal)
                .Replace("@EXPRESSIONS@", list, StringComparison.Ordinal)
        );
        Tools.Run("gdb", ["-nx", "-batch", "-x", script, program], folder: _folder);
        Printed = File.ReadAllLines(Path.Combine(_folder, "printed")).Select(line => line.Split('\t')).ToList();
        Output = File.ReadAllText(Path.Combine(_folder, "stdout"));

        _core = new LinuxCore(Path.Combine(_folder, "core"), path => path);
        _types = TypeCatalog.Open(program, new SymbolizerOptions { UseCache = false });
        _image = ElfImage.Open(program);
        ProgramPath = program;
        LoadBias bias = Bias = _core.Modules.FindModule(_core.Registers[X64Register.Rip]!.Value)!.Bias;
        var names = new ElfAddressNames(_image, bias);
        var module = new ValueModule(_types, bias);
        Modules = [module];
        Names = names;
        Space = new ValueSpace(_core, Modules, names);
        FrameVariables = File.ReadAllLines(Path.Combine(_folder, "variables"))
            .Select(line => line.Split('\t'))
            .ToList();
        Trace = new Unwinder(_core.Modules, _core).Unwind(_core.Registers);
        Scopes = new StackScopes(Space, Trace);
        Scope = Scopes.FindFunction(0, 0)!;
    }

    public static string Programs { get; } = Path.Combine(Tools.Programs, "..", "..", "..", "Values", "Programs");

    /// <summary>The expressions, and gdb's answers.</summary>
    public IReadOnlyList<string[]> Printed { get; }

    /// <summary>
    /// The variables of all frames in the program: the frame's index, the index of the function among those inlined
    /// there, the function's name, the variable's name, and gdb's text.
    /// </summary>
    public IReadOnlyList<string[]> FrameVariables { get; }

    /// <summary>The program's own output.</summary>
    public string Output { get; }

    /// <summary>The program's file.</summary>
    public string ProgramPath { get; }

    public LoadBias Bias { get; }

    /// <summary>The code of the program and its libraries.</summary>
    public IUnwindModuleSource Code => _core.Modules;

    public ValueSpace Space { get; }

    public IReadOnlyList<ValueModule> Modules { get; }

    public IAddressNames Names { get; }

    public IMemoryReader Memory => _core;

    public Backtrace Trace { get; }

    public StackScopes Scopes { get; }

    public FrameScope Scope { get; }

    public Value Evaluate(string expression) => ValueExpression.Evaluate(expression, Space, Scope);

    /// <summary>Formats the value of an expression.</summary>
    public string Print(string expression, ValueTextOptions? options = null)
    {
        try
        {
            Value value = Evaluate(expression);
            return value.Problem is { Kind: ValueProblemKind.Unreadable } problem
                ? "error: " + problem.Message
                : ValueText.Format(value, options);
        }
        catch (ExpressionException e)
        {
            return "error: " + e.Message;
        }
    }

    /// <summary>Formats a value as a part of another one.</summary>
    public string PrintInner(string expression) => ValueText.FormatInner(Evaluate(expression));

    public void Dispose()
    {
        _core.Dispose();
        _types.Dispose();
        _image.Dispose();
        Directory.Delete(_folder, true);
    }
}
