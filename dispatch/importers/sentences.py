"""Every sentence that an importer can say, Chinese first, with its stable code.

``{value}`` is what stands in the cell, ``{column}`` the column's heading. :data:`FILE_FAULTS` refuse the whole file,
:data:`ROW_FAULTS` a row; :data:`DOUBTS` are told and the row is taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Pair = tuple[str, str]

FILE_FAULTS: Final[Mapping[str, Pair]] = {
    "empty_file": ("文件是空的", "The file is empty"),
    "file_too_large": (
        "文件有 {size} MB，最多 {limit} MB；请分成几个文件",
        "The file has {size} MB, at most {limit} MB are read. Split it",
    ),
    "inflates_too_much": (
        "这个文件解压后有 {size} MB，远超正常表格（最多 {limit} MB，或 {ratio} 倍），为安全起见没有打开",
        "This file inflates to {size} MB, far more than a sheet does (at most {limit} MB or {ratio} times). It was not opened",
    ),
    "too_many_entries": (
        "文件里包含 {count} 个部分，最多 {limit} 个，为安全起见没有打开",
        "The file holds {count} parts, at most {limit} are read. It was not opened",
    ),
    "too_many_cells": (
        "表格的单元格太多；请删去下方和右侧的空白格式，或分成几个文件",
        "The sheet has too many cells. Delete empty formatting below and to the right, or split it",
    ),
    "too_many_rows": (
        "超过 {limit} 行；请分成几个文件",
        "More than {limit} rows. Split the file",
    ),
    "old_or_protected": (
        "这是旧版 .xls 或加了密码的文件；请在 Excel 里去掉密码，另存为 .xlsx",
        "This is an old .xls file or one with a password. Remove the password and save it as .xlsx",
    ),
    "broken_workbook": (
        "文件已损坏，打不开；请在 Excel 里重新另存为 .xlsx",
        "The file is damaged and cannot be opened. Save it again as .xlsx",
    ),
    "not_a_sheet": (
        "这不是表格文件；请用 .xlsx 或 .csv",
        "This is no sheet. Use .xlsx or .csv",
    ),
    "undecodable": (
        "文字编码认不出来；请另存为 UTF-8 的 CSV 或 .xlsx",
        "The text's encoding is not known. Save it as CSV in UTF-8 or as .xlsx",
    ),
    "broken_csv": (
        "第 {row} 行起读不下去，多半是引号没有成对；请检查引号或另存为 .xlsx",
        "Cannot be read from row {row} on, probably a quotation mark without its partner. Mend it or save as .xlsx",
    ),
    "no_header": (
        "前 {limit} 行里没有找到表头；请加一行列名，例如：{example}",
        "No headings in the first {limit} rows. Add a row of headings, such as: {example}",
    ),
    "missing_column": (
        "缺少必需的列：{example}",
        "A column is missing that is needed: {example}",
    ),
    "no_rows": ("表头下面没有数据", "There is nothing below the headings"),
}

ROW_FAULTS: Final[Mapping[str, Pair]] = {
    "missing_value": ("「{column}」不能空着", '"{column}" must not be blank'),
    "no_place": (
        "不知道去哪里：请填地址、客户或经纬度中的一项",
        "Nobody knows where to go. Fill in the address, the customer or longitude and latitude",
    ),
    "text_too_long": (
        "有 {length} 个字，最多 {limit} 个；也许少了一个引号",
        "Has {length} characters, at most {limit}. Perhaps a quotation mark is missing",
    ),
    "formula": (
        "这一格是公式，文件里没有存结果；请在 Excel 里打开保存，或粘贴为数值",
        "This cell is a formula without a stored result. Open and save it in Excel, or paste as values",
    ),
    "error_value": (
        "这一格是 Excel 的错误值「{value}」；请改成实际内容",
        'This cell shows the error "{value}". Put in what is meant',
    ),
    "unknown_grade": (
        "不认识级别「{value}」；请填 特急、紧急、重要 或 一般",
        '"{value}" is no grade. Write 特急, 紧急, 重要 or 一般 (emergency, urgent, important, general)',
    ),
    "unknown_tier": (
        "不认识客户等级「{value}」；请填 钻石、黄金 或 白银",
        '"{value}" is no tier. Write 钻石, 黄金 or 白银 (diamond, gold, silver)',
    ),
    "unknown_kind": (
        "不认识班次类型「{value}」；请填 上班 或 请假",
        '"{value}" is no kind of shift. Write 上班 (work) or 请假 (absence)',
    ),
    "bad_date": (
        "「{value}」不是日期；请写成 2026-11-23",
        '"{value}" is no date. Write it like 2026-11-23',
    ),
    "impossible_date": (
        "「{value}」这一天不存在；请核对月和日",
        'There is no such day as "{value}". Check month and day',
    ),
    "relative_date": (
        "「{value}」要看是哪天写的，文件里看不出来；请写出日期，例如 2026-11-23 上午",
        '"{value}" depends on the day it was written, which the file does not tell. Write the date, such as 2026-11-23 上午',
    ),
    "far_date": (
        "「{value}」离计划日 {day} 超过一年；请核对年份",
        '"{value}" is more than a year away from {day}. Check the year',
    ),
    "bad_window": (
        "看不懂时间「{value}」；请写成 14:00-16:00、上午 或 2026-11-23 14:30",
        'The time "{value}" cannot be read. Write it like 14:00-16:00, 上午 or 2026-11-23 14:30',
    ),
    "hours_or_date": (
        "「{value}」可能是几点到几点，也可能是几月几日；请写成 9:00-11:00 或 9月11日",
        '"{value}" may be hours or a day. Write it like 9:00-11:00 or 9月11日',
    ),
    "impossible_time": (
        "「{value}」里的时间不存在；钟点从 0:00 到 24:00",
        'There is no such time as in "{value}". Hours go from 0:00 to 24:00',
    ),
    "morning_or_afternoon": (
        "「{value}」是凌晨还是下午？请写成 14:00 或 下午2点",
        'Is "{value}" at night or in the afternoon? Write it like 14:00 or 下午2点',
    ),
    "window_backwards": (
        "「{value}」的结束早于开始",
        '"{value}" ends before it begins',
    ),
    "bad_duration": (
        "看不懂时长「{value}」；请写成 30分钟 或 1.5小时",
        'The duration "{value}" cannot be read. Write it like 30分钟 or 1.5小时 (30 min, 1.5 h)',
    ),
    "duration_unit": (
        "「{value}」是分钟还是小时？请写上单位",
        'Is "{value}" minutes or hours? Write the unit',
    ),
    "duration_out_of_range": (
        "「{value}」不可能；时长从 {low} 分钟到 {high} 小时",
        '"{value}" cannot be. A duration is from {low} minutes to {high} hours',
    ),
    "bad_number": ("「{value}」不是数字", '"{value}" is no number'),
    "impossible_point": (
        "「{value}」不可能是{what_zh}；{what_zh}从 {low} 到 {high}，也不会是 0",
        '"{value}" cannot be a {what_en}. It is from {low} to {high} degrees and not 0',
    ),
    "half_point": (
        "经度和纬度要么都填，要么都空着",
        "Fill in both longitude and latitude, or neither",
    ),
    "phone_shortened": (
        "电话「{value}」被 Excel 改成了科学计数，后几位已丢失；请把这一列设成文本后重填",
        'Excel shortened the phone number to "{value}", its last digits are lost. Format the column as text and type it anew',
    ),
    "bad_skill_level": (
        "技能「{value}」的等级只能是 1 到 4，或 初级、中级、高级、专家",
        'The level in "{value}" can only be 1 to 4, or 初级, 中级, 高级, 专家 (junior to expert)',
    ),
    "duplicate_number": (
        "「{value}」与第 {other} 行重复，内容却不同",
        '"{value}" is also that of row {other}, with other contents',
    ),
    "bad_quantity": (
        "看不懂数量「{said}」；请写整数，从 {low} 到 {high}",
        'The quantity "{said}" cannot be read. Write a whole number from {low} to {high}',
    ),
    "substitute_itself": ("备件「{number}」不能替代自己", 'The part "{number}" cannot stand in for itself'),
    "bad_hours": (
        "看不懂开放时间「{value}」；请写成 7:30-12:00、13:00-18:00，各段不相连",
        'The opening hours "{value}" cannot be read. Write them like 7:30-12:00, 13:00-18:00, spans apart',
    ),
    "unknown_goods": (
        "不认识类别「{value}」；请填 备件 或 工具",
        '"{value}" is no kind of goods. Write 备件 (part) or 工具 (tool)',
    ),
    "shift_empty": ("上班和下班是同一时刻", "The shift begins and ends at the same moment"),
    "shift_too_long": (
        "这个班次有 {hours} 小时，最多 {limit} 小时；请核对上下班时间",
        "This shift has {hours} hours, at most {limit}. Check when it begins and ends",
    ),
}

DOUBTS: Final[Mapping[str, Pair]] = {
    "default_duration": ("没有写时长，按 {minutes} 分钟", "No duration is given: {minutes} minutes are taken"),
    "default_grade": ("没有写级别，按 一般", "No grade is given: 一般 (general) is taken"),
    "default_tier": ("没有写客户等级，按 白银", "No tier is given: 白银 (silver) is taken"),
    "default_shift": (
        "没有写上下班时间，按 {begin} 到 {end}",
        "No shift is given: {begin} to {end} is taken",
    ),
    "default_hours": (
        "没有写开放时间，按每天 {begin} 到 {end}",
        "No opening hours are given: {begin} to {end} on every day are taken",
    ),
    "default_day": ("没有写日期，按计划日 {day}", "No date is given: the planned day {day} is taken"),
    "two_days": (
        "日期一列是 {day}，这里却是 {other}，请核对；以日期一列为准",
        "The column of dates says {day}, this says {other}. Check it; the column of dates is taken",
    ),
    "place_by_customer": (
        "没有地址，按客户「{customer}」的已知地点去找",
        'No address: the known site of "{customer}" will be looked up',
    ),
    "number_as_text": ("数字存成了文本，已按数字读", "A number stored as text, read as a number"),
    "phone_as_number": (
        "电话存成了数字，若开头有 0 已丢失；请核对",
        "The phone number is stored as a number: a leading 0 would be lost. Check it",
    ),
    "odd_phone": (
        "「{value}」不像电话号码，已照原样保留",
        '"{value}" does not look like a phone number. Kept as it is',
    ),
    "excel_serial": (
        "「{value}」是 Excel 的日期序号，按 {day} 读",
        '"{value}" is a serial number of Excel, read as {day}',
    ),
    "two_date_styles": (
        "从这一行起日期换了写法（前面是 {before}，这里是 {now}），请核对有没有读错",
        "From this row on dates are written another way ({before} before, {now} here). Check that they are read well",
    ),
    "ambiguous_date": (
        "「{value}」按 月/日 读作 {day}；若是 日/月 请改写",
        '"{value}" is read month first as {day}. Write it otherwise if the day comes first',
    ),
    "day_first": ("「{value}」按 日/月 读作 {day}", '"{value}" is read day first as {day}'),
    "no_year": ("「{value}」没有写年份，按 {day} 读", '"{value}" has no year, read as {day}'),
    "short_year": ("「{value}」的年份只有两位，按 {day} 读", '"{value}" has a year of two digits, read as {day}'),
    "in_the_past": ("{day} 在计划日 {today} 之前", "{day} lies before the planned day {today}"),
    "part_of_day": ("「{value}」按 {begin}-{end} 读", '"{value}" is read as {begin}-{end}'),
    "window_from_point": (
        "「{value}」只有一个钟点，按 {begin}-{end} 之间到",
        '"{value}" is one moment, read as between {begin} and {end}',
    ),
    "guessed_grade": ("「{value}」猜作「{grade}」，请核对", '"{value}" is taken for {grade_en}. Check it'),
    "guessed_tier": ("「{value}」猜作「{tier}」，请核对", '"{value}" is taken for {tier_en}. Check it'),
    "clock_as_duration": (
        "「{value}」是钟点格式，按时长 {minutes} 分钟读",
        '"{value}" looks like a time of day, read as {minutes} minutes',
    ),
    "swapped_point": (
        "经度和纬度像是填反了，已按 经度 {lon}、纬度 {lat} 读",
        "Longitude and latitude seem to be swapped, read as longitude {lon}, latitude {lat}",
    ),
    "far_point": ("这个点不在中国境内，请核对", "This point is not in China. Check it"),
    "district_mismatch": (
        "区县写的是「{value}」，地址里却是「{district}」，请核对；以地址为准",
        'The district is "{value}", the address says "{district}". Check it; the address is taken',
    ),
    "unknown_district": ("不认识区县「{value}」，请核对", 'The district "{value}" is not known. Check it'),
    "repeated_row": ("与第 {other} 行完全相同，只算一次", "The same as row {other}; counts once"),
    "looks_alike": (
        "与第 {other} 行很像（地址和客户相同），若是同一单请删去一行",
        "Much like row {other} (same address and customer). Delete one if they are the same",
    ),
    "total_row": ("像是合计行，没有读", "Looks like a row of totals, not read"),
    "example_row": ("是模板里的示例行，没有读", "The template's example row, not read"),
    "repeated_header": ("表头又出现一次，没有读", "The headings once more, not read"),
    "column_twice": (
        "「{column}」和「{other}」意思相同，读的是「{other}」",
        '"{column}" and "{other}" mean the same; "{other}" is read',
    ),
    "unknown_column": ("不认识「{column}」这一列，没有读", 'The column "{column}" is not known and not read'),
    "guessed_column": ("「{column}」这一列猜作「{field}」，请核对", 'The column "{column}" is taken for "{field_en}"'),
    "other_sheets": ("还有工作表没有读：{names}", "Other sheets were not read: {names}"),
    "over_midnight": (
        "下班早于上班，按第二天 {end} 下班读",
        "The shift ends before it begins: read as ending at {end} on the next day",
    ),
}

SENTENCES: Final[Mapping[str, Pair]] = {**FILE_FAULTS, **ROW_FAULTS, **DOUBTS}
