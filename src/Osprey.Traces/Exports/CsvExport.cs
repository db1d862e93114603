using Osprey.Traces.Analyses;
using Osprey.Traces.Exports.Profiles;
using Osprey.Traces.Model;
using Osprey.Traces.Text;

namespace Osprey.Traces.Exports;

/// <summary>Writes samples as a table: a header, then one row a sample.</summary>
/// <remarks>
/// Times are seconds with nine decimals, as in listings. The frames of a stack, innermost first, are joined by
/// semicolons; one within a frame becomes a comma. The CPU of a sample without one is empty.
/// </remarks>
public sealed class CsvExport : TraceExport
{
    private readonly AnalysisScope _scope;
    private readonly CsvWriter _csv;
    private readonly SampleTexts _texts;
    private readonly StackTexts _stacks;
    private readonly Utf8Builder _time = new(32);

    /// <param name="scope">What counts.</param>
    /// <param name="symbols">Names the frames of stacks.</param>
    /// <param name="output">Where to; stays open.</param>
    public CsvExport(AnalysisScope scope, StackSymbols symbols, Stream output)
    {
        _scope = scope;
        _csv = new CsvWriter(output);
        _texts = new SampleTexts(scope);
        _stacks = new StackTexts(symbols, ";") { ReplacesSeparator = true };
        _csv.WriteRecord("time", "cpu", "thread", "name", "tracepoint", "arguments", "stack");
    }

    /// <inheritdoc/>
    public override void Add(in TraceEvent sample)
    {
        if (!_scope.Includes(sample))
            return;

        _time.Clear();
        TimeText.AppendSeconds(_time, sample.Time, width: 0);
        _csv.Write(_time.ToString());
        if (sample.Cpu == uint.MaxValue)
            _csv.Write("");
        else
            _csv.Write(sample.Cpu);

        _csv.Write($"0x{sample.Thread:x}");
        _csv.Write(_texts.ThreadName(sample));
        _csv.Write(_scope.Tracepoints[sample.Tracepoint].Name);
        _csv.Write(_texts.Arguments(sample));
        _csv.Write(_stacks[_stacks.Intern(sample.Backtrace)]);
        _csv.EndRecord();
        Count++;
    }

    /// <inheritdoc/>
    public override void Finish() => _csv.Flush();
}
